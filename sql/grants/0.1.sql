-- Given once, so that an update takes nothing back from what an administrator revoked or granted since.
REVOKE ALL ON advisor.rule FROM PUBLIC;
GRANT SELECT ON advisor.rule TO PUBLIC;
REVOKE EXECUTE ON FUNCTION advisor.reset(text, bigint) FROM PUBLIC;
GRANT SELECT ON advisor.statements, advisor.statement_history, advisor.statement_parameters, advisor.relation_writes,
    advisor.plans, advisor.plan_nodes, advisor.predicates, advisor.status TO PUBLIC;
REVOKE EXECUTE ON FUNCTION advisor.examples() FROM PUBLIC;
REVOKE ALL ON FUNCTION advisor.analyze() FROM PUBLIC;
GRANT SELECT ON advisor.recommendations, advisor.recommendation_statements, advisor.index_candidates,
    advisor.coverage, advisor.rules TO PUBLIC;
