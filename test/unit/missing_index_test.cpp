// From a chosen index set to findings: severity, confidence, evidence, fix and rollback.
#include "core/rules/missing_index.h"

#include "test/unit/workload_builder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace advisor::test {

using namespace core;

namespace {

struct Advice {
    std::vector<Table> tables = {table("orders", 1e6, {column("customer", 1e5), column("day", 1000)})};
    std::vector<Statement> statements = {statement(7, 100, {}), statement(8, 10, {})};
    std::vector<Candidate> candidates;
    Selection selection;
    IndexAdviceContext context;

    void choose(Candidate candidate, double before, double after) {
        ChosenIndex index;
        index.candidate = candidates.size();
        index.cost = {8 << 20, 3};
        index.workload_before = before;
        index.workload_after = after;
        index.effects = {{0, 1000, 10}, {1, 500, 100}};
        selection.chosen.push_back(index);
        selection.workload_cost_before = std::max(selection.workload_cost_before, before);
        candidates.push_back(std::move(candidate));
    }
    Candidate candidate(std::vector<std::string> keys, Purpose purpose = Purpose::filter) const {
        Candidate result;
        result.definition = index_on(tables[0], std::move(keys));
        result.purpose = purpose;
        return result;
    }
    std::vector<Recommendation> findings() const {
        return missing_index_findings(selection, candidates, statements, tables, context);
    }
};

const Fact &fact(const Recommendation &finding, const std::string &name) {
    static const Fact none;
    for (const Fact &one : finding.evidence)
        if (one.name == name)
            return one;
    ADD_FAILURE() << "no evidence \"" << name << "\"";
    return none;
}

} // namespace

TEST(MissingIndex, SaysWhatWasSeenAndWhatToDo) {
    Advice advice;
    advice.context.window_from = "2026-01-01T00:00:00Z";
    advice.choose(advice.candidate({"customer"}), 1000, 400);
    const std::vector<Recommendation> findings = advice.findings();
    ASSERT_EQ(findings.size(), 1U);
    const Recommendation &finding = findings[0];
    EXPECT_EQ(finding.rule, "missing-index-filter");
    EXPECT_EQ(finding.category, "query");
    EXPECT_EQ(finding.severity, Severity::high);
    EXPECT_EQ(finding.object, "shop.orders");
    EXPECT_EQ(finding.id, fingerprint("missing-index-filter", "shop.orders", "customer"));
    EXPECT_EQ(finding.title, "2 statements search shop.orders without an index on (customer)");
    EXPECT_NEAR(finding.benefit.value(), 0.6, 1e-9);
    EXPECT_EQ(finding.storage_bytes, 8 << 20);
    EXPECT_NEAR(finding.confidence, 0.9, 1e-9);
    EXPECT_EQ(std::get<std::string>(fact(finding, "unit").value), "cost");
    EXPECT_EQ(std::get<std::string>(fact(finding, "window_from").value), "2026-01-01T00:00:00Z");
    EXPECT_EQ(std::get<double>(fact(finding, "calls").value), 110);
    EXPECT_EQ(std::get<double>(fact(finding, "cost_before").value), 105000);
    EXPECT_EQ(std::get<double>(fact(finding, "cost_after").value), 2000);
    EXPECT_EQ(std::get<std::int64_t>(fact(finding, "index_bytes").value), 8 << 20);
    const std::vector<std::int64_t> ids = {7, 8};
    EXPECT_EQ(std::get<std::vector<std::int64_t>>(fact(finding, "statements").value), ids);
    for (const char *part : {"1,000,000 rows", "from 1,000 to 10", "60 %", "8.0 MB"})
        EXPECT_NE(finding.detail.find(part), std::string::npos) << part << " in " << finding.detail;

    const std::string create = "CREATE INDEX CONCURRENTLY orders_customer_idx ON shop.orders (customer);";
    const std::vector<std::string> steps = {create};
    EXPECT_EQ(finding.fix_steps, steps);
    EXPECT_EQ(finding.rollback, "DROP INDEX CONCURRENTLY shop.orders_customer_idx;");
    // All else in the fix is a comment: it goes through \gexec and drivers as one statement.
    std::size_t from = 0, executable = 0;
    while (from < finding.fix.size()) {
        const std::size_t to = std::min(finding.fix.find('\n', from), finding.fix.size());
        const std::string line = finding.fix.substr(from, to - from);
        executable += !line.starts_with("--");
        EXPECT_TRUE(line.starts_with("--") || line == create) << line;
        from = to + 1;
    }
    EXPECT_EQ(executable, 1U);
    EXPECT_NE(finding.fix.find("indisvalid"), std::string::npos);
}

TEST(MissingIndex, SeverityFollowsPurposeAndShare) {
    struct Case {
        Purpose purpose;
        double after;
        const char *rule;
        Severity severity;
    };
    for (const Case &one : {Case{Purpose::filter, 500, "missing-index-filter", Severity::high},
                            Case{Purpose::filter, 995, "missing-index-filter", Severity::medium},
                            Case{Purpose::join, 500, "missing-index-join", Severity::high},
                            Case{Purpose::sort, 500, "missing-index-sort", Severity::high},
                            Case{Purpose::sort, 900, "missing-index-sort", Severity::medium},
                            Case{Purpose::sort, 995, "missing-index-sort", Severity::low}}) {
        Advice advice;
        advice.choose(advice.candidate({"customer"}, one.purpose), 1000, one.after);
        const Recommendation finding = advice.findings().at(0);
        EXPECT_EQ(finding.rule, one.rule);
        EXPECT_EQ(finding.severity, one.severity) << one.rule << " " << one.after;
    }
}

TEST(MissingIndex, ConfidenceFollowsTheEvidence) {
    Advice advice;
    advice.choose(advice.candidate({"customer"}), 1000, 400);
    EXPECT_NEAR(advice.findings().at(0).confidence, 0.9, 1e-9);
    const std::vector<double> caps = {0.3};
    advice.context.confidence_caps = caps;
    EXPECT_NEAR(advice.findings().at(0).confidence, 0.3, 1e-9);
    advice.context.confidence_caps = {};
    advice.selection.complete = false;
    EXPECT_LT(advice.findings().at(0).confidence, 0.9);
    advice.selection.complete = true;
    advice.statements[0].calls = advice.statements[1].calls = 1;
    advice.statements[0].total_ms = advice.statements[1].total_ms = 20;
    EXPECT_NEAR(advice.findings().at(0).confidence, 0.5, 1e-9) << "two calls, 40 ms";
    advice.statements[0].total_ms = 2000;
    EXPECT_NEAR(advice.findings().at(0).confidence, 0.9, 1e-9) << "few calls, but long ones";
    advice.statements[0].total_ms = advice.statements[1].total_ms = 0;
    EXPECT_NEAR(advice.findings().at(0).confidence, 0.9, 1e-9) << "given statements that never ran";
    advice.candidates[0].conditions = {"state = 'open'"};
    EXPECT_LT(advice.findings().at(0).confidence, 0.9);
}

TEST(MissingIndex, TheIdSurvivesAFurtherColumn) {
    Advice one, more, both;
    one.choose(one.candidate({"customer"}), 1000, 400);
    more.choose(more.candidate({"customer", "day"}), 1000, 400);
    EXPECT_EQ(one.findings().at(0).id, more.findings().at(0).id);
    both.choose(both.candidate({"customer"}), 1000, 600);
    both.choose(both.candidate({"customer", "day"}), 600, 400);
    const std::vector<Recommendation> findings = both.findings();
    EXPECT_NE(findings.at(0).id, findings.at(1).id);
}

TEST(MissingIndex, MostSevereFirstAndNamesDiffer) {
    Advice advice;
    advice.tables[0].indexes = {
        {"shop.orders_day_idx", index_on(advice.tables[0], {"customer", "day"}), 0, false}};
    const std::vector<std::string> taken = {"orders_day_idx1"};
    advice.context.taken_names = taken;
    advice.choose(advice.candidate({"day"}, Purpose::sort), 1000, 990);
    advice.choose(advice.candidate({"customer"}), 990, 400);
    const std::vector<Recommendation> findings = advice.findings();
    EXPECT_EQ(findings.at(0).rule, "missing-index-filter");
    EXPECT_EQ(findings.at(1).fix_steps.at(0),
              "CREATE INDEX CONCURRENTLY orders_day_idx2 ON shop.orders (day);");
}

TEST(MissingIndex, SqliteHasItsOwnFix) {
    Advice advice;
    advice.context.dialect = Dialect::sqlite;
    advice.context.cost_unit = "steps";
    advice.tables[0].qualified = "main.orders";
    advice.choose(advice.candidate({"customer"}), 1000, 400);
    const Recommendation finding = advice.findings().at(0);
    EXPECT_EQ(finding.fix, "CREATE INDEX main.orders_customer_idx ON orders (customer);\n"
                           "-- Afterwards, so that the planner knows what the index holds:\n"
                           "-- ANALYZE main.orders;");
    EXPECT_EQ(finding.rollback, "DROP INDEX main.orders_customer_idx;");
    EXPECT_EQ(std::get<std::string>(fact(finding, "unit").value), "steps");
}

TEST(MissingIndex, AnExpressionAsksForAnalyze) {
    Advice advice;
    Candidate candidate = advice.candidate({"(lower(name))"});
    candidate.definition.keys[0].expression = true;
    advice.choose(std::move(candidate), 1000, 400);
    EXPECT_NE(advice.findings().at(0).fix.find("-- ANALYZE shop.orders;"), std::string::npos);
}

TEST(MissingIndex, APartitionedTableIsIndexedLeafByLeaf) {
    Advice advice;
    advice.tables[0].partitions = {{"shop", "orders_1", "shop.orders_1", "shop.orders", true},
                                   {"shop", "orders_2", "shop.orders_2", "shop.orders", false},
                                   {"shop", "orders_2a", "shop.orders_2a", "shop.orders_2", true}};
    advice.choose(advice.candidate({"customer"}), 1000, 400);
    const Recommendation finding = advice.findings().at(0);
    const std::vector<std::string> steps = {
        "CREATE INDEX orders_customer_idx ON ONLY shop.orders (customer);",
        "CREATE INDEX CONCURRENTLY orders_1_customer_idx ON shop.orders_1 (customer);",
        "CREATE INDEX orders_2_customer_idx ON ONLY shop.orders_2 (customer);",
        "CREATE INDEX CONCURRENTLY orders_2a_customer_idx ON shop.orders_2a (customer);",
        "ALTER INDEX shop.orders_2_customer_idx ATTACH PARTITION shop.orders_2a_customer_idx;",
        "ALTER INDEX shop.orders_customer_idx ATTACH PARTITION shop.orders_2_customer_idx;",
        "ALTER INDEX shop.orders_customer_idx ATTACH PARTITION shop.orders_1_customer_idx;",
    };
    EXPECT_EQ(finding.fix_steps, steps);
    EXPECT_EQ(finding.rollback, "DROP INDEX shop.orders_customer_idx;");
}

TEST(MissingIndex, SaysWhereRecordsContradictAndWhatIsNotCertain) {
    Advice advice;
    advice.choose(advice.candidate({"customer"}), 1000, 400);
    Guarded guarded;
    advice.selection.chosen[0].effects[0].guarded = guarded;
    EXPECT_NEAR(advice.findings().at(0).confidence, 0.9, 1e-9);
    EXPECT_EQ(std::get<bool>(fact(advice.findings().at(0), "corrected").value), false);

    guarded.corrected = true;
    guarded.cost_before = 1200;
    guarded.cost_after = 300;
    advice.selection.chosen[0].effects[0].guarded = guarded;
    const Recommendation corrected = advice.findings().at(0);
    EXPECT_EQ(std::get<bool>(fact(corrected, "corrected").value), true);
    EXPECT_NEAR(std::get<double>(fact(corrected, "corrected_cost_before").value), 100 * 1200 + 10 * 500,
                1e-6);
    EXPECT_NEAR(std::get<double>(fact(corrected, "corrected_cost_after").value), 100 * 300 + 10 * 100, 1e-6);
    EXPECT_NEAR(std::get<double>(fact(corrected, "cost_before").value), 100 * 1000 + 10 * 500, 1e-6);
    EXPECT_NE(corrected.detail.find("contradict the planner's estimates"), std::string::npos);
    EXPECT_NEAR(corrected.benefit.value(), 0.6 * (1 - 31000.0 / 125000) / (1 - 2000.0 / 105000), 1e-9);
    EXPECT_NEAR(corrected.confidence, 0.9, 1e-9) << "it holds with the recorded rows";

    guarded.guessed = true;
    advice.selection.chosen[0].effects[0].guarded = guarded;
    EXPECT_NEAR(advice.findings().at(0).confidence, 0.6, 1e-9);
    guarded.outcome = Guarded::Outcome::doubtful;
    guarded.reason = "if ten times the rows estimated come from secret";
    advice.selection.chosen[0].effects[0].guarded = guarded;
    EXPECT_NEAR(advice.findings().at(0).confidence, 0.4, 1e-9);
    EXPECT_NE(advice.findings().at(0).detail.find("not certain"), std::string::npos);
    EXPECT_EQ(advice.findings().at(0).detail.find("secret"), std::string::npos)
        << "who owns the table need not know what else the statement reads";
}

} // namespace advisor::test
