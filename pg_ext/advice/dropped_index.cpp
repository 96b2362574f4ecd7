// What has to be known of indexes that rules want to drop: one query for all of them.
#include "pg_ext/advice/dropped_index.h"

#include "pg_ext/advice/catalog_rules.h"
#include "pg_ext/advice/findings.h"
#include "pg_ext/boundary.h"
#include "pg_ext/sql_query.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace advisor::pg {
namespace {

// What repeats another goes before what nobody uses: the other one then has to stay.
constexpr std::array<std::string_view, 5> drop_rules = {
    "duplicate-index", "index-covered-by-unique", "redundant-index", "unused-index", "rarely-used-index"};

// Columns of an expression or a condition are known from the dependencies. A BRIN index leaves updates HOT
// since 16.
constexpr const char *facts_query = R"sql(
, dropped AS MATERIALIZED (
    SELECT w.place, w.rule, x.oid, i.indrelid AS relation, w.evidence
    FROM wanted AS w
    JOIN pg_namespace AS n ON starts_with(w.object, quote_ident(n.nspname) || '.')
    JOIN pg_class AS x ON x.relnamespace = n.oid AND format('%I.%I', n.nspname, x.relname) = w.object
    JOIN pg_index AS i ON i.indexrelid = x.oid
), part AS (
    WITH RECURSIVE tree AS (
        SELECT d.oid AS root, d.oid FROM dropped AS d
        UNION ALL
        SELECT t.root, h.inhrelid FROM tree AS t JOIN pg_inherits AS h ON h.inhparent = t.oid
    )
    SELECT t.root, array_agg(t.oid) AS oids FROM tree AS t GROUP BY t.root
), relative AS (
    SELECT r.oid, array_agg(DISTINCT t.oid) AS oids
    FROM (SELECT DISTINCT d.relation AS oid FROM dropped AS d) AS r
    CROSS JOIN LATERAL (
        WITH RECURSIVE above AS (
            SELECT r.oid UNION ALL SELECT h.inhparent FROM above AS a JOIN pg_inherits AS h ON h.inhrelid = a.oid
        ), below AS (
            SELECT r.oid UNION ALL SELECT h.inhrelid FROM below AS b JOIN pg_inherits AS h ON h.inhparent = b.oid
        )
        SELECT a.oid FROM above AS a UNION SELECT b.oid FROM below AS b) AS t
    GROUP BY r.oid
), holds AS MATERIALIZED (
    SELECT DISTINCT i.indrelid AS relation, i.indexrelid AS oid, c.number
    FROM pg_index AS i
    JOIN pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_am AS m ON m.oid = x.relam
    CROSS JOIN LATERAL (
        SELECT k AS number FROM unnest(i.indkey::int2[]) AS k WHERE k > 0
        UNION
        SELECT p.refobjsubid FROM pg_depend AS p
        WHERE p.classid = 'pg_class'::regclass AND p.objid = i.indexrelid AND p.refclassid = 'pg_class'::regclass
          AND p.refobjid = i.indrelid AND p.refobjsubid > 0) AS c
    WHERE i.indislive AND i.indrelid IN (SELECT d.relation FROM dropped AS d)
      AND NOT (m.amname = 'brin' AND current_setting('server_version_num')::int >= 160000)
), held AS (
    SELECT d.oid, string_agg(quote_ident(a.attname), chr(31)) FILTER (WHERE h.oid = d.oid) AS own,
           string_agg(quote_ident(a.attname), chr(31)) FILTER (WHERE h.oid <> d.oid) AS others
    FROM dropped AS d
    JOIN holds AS h ON h.relation = d.relation
    JOIN pg_attribute AS a ON a.attrelid = d.relation AND a.attnum = h.number
    GROUP BY d.oid
)
SELECT d.place, d.rule, d.oid, d.relation, array_to_string(p.oids, ','), array_to_string(r.oids, ','),
       d.evidence ->> 'kept', d.evidence ->> 'rows', d.evidence ->> 'entries_per_day',
       (SELECT f.thresholds ->> 'good_plan' FROM advisor.rule_in_force AS f WHERE f.rule = d.rule), h.own, h.others
FROM dropped AS d
JOIN part AS p ON p.root = d.oid
JOIN relative AS r ON r.oid = d.relation
LEFT JOIN held AS h ON h.oid = d.oid
)sql";

std::vector<Oid> oids_of(const std::optional<std::string> &list) {
    std::vector<Oid> oids;
    const std::string text = list.value_or("");
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t to = std::min(text.find(',', from), text.size());
        oids.push_back(number_of<Oid>(text.substr(from, to - from)).value_or(InvalidOid));
        from = to + 1;
    }
    return oids;
}

// With any setting of standard_conforming_strings.
std::string literal(const std::string &text) {
    const char *plain = text.c_str();
    return pg_call([=] { return quote_literal_cstr(plain); });
}

std::size_t rank_of(const std::string &rule) {
    return static_cast<std::size_t>(std::find(drop_rules.begin(), drop_rules.end(), rule) -
                                    drop_rules.begin());
}

DroppedIndex dropped_of(const std::vector<std::optional<std::string>> &row) {
    DroppedIndex dropped;
    dropped.finding = number_of<std::size_t>(row[0]).value_or(0);
    dropped.rule = row[1].value_or("");
    dropped.index = number_of<Oid>(row[2]).value_or(InvalidOid);
    dropped.table = number_of<Oid>(row[3]).value_or(InvalidOid);
    dropped.hidden = oids_of(row[4]);
    for (const Oid relation : oids_of(row[5]))
        dropped.tables.insert(relation);
    dropped.kept = row[6].value_or("");
    dropped.rows = number_of<double>(row[7]).value_or(0);
    dropped.entries_per_day = number_of<double>(row[8]);
    dropped.good_plan = number_of<double>(row[9]).value_or(1);
    dropped.columns = split_steps(row[10].value_or(""));
    dropped.other_columns = split_steps(row[11].value_or(""));
    return dropped;
}

} // namespace

bool finds_drops(const std::string &rule) {
    return rank_of(rule) < drop_rules.size();
}

bool finds_repeated(const std::string &rule) {
    return rule == "duplicate-index" || rule == "index-covered-by-unique";
}

std::vector<DroppedIndex> read_dropped_indexes(const std::vector<FindingRow> &findings) {
    std::string wanted;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const core::Recommendation &finding = findings[i].recommendation;
        if (finds_drops(finding.rule))
            wanted += (wanted.empty() ? "" : ", ") + std::string("(") + std::to_string(i) + ", " +
                      literal(finding.rule) + ", " + literal(finding.object) + ", " +
                      literal(findings[i].evidence_json) + "::jsonb)";
    }
    std::vector<DroppedIndex> dropped;
    if (wanted.empty())
        return dropped;
    const QueryRows rows =
        run_query("WITH wanted (place, rule, object, evidence) AS (VALUES " + wanted + ")" + facts_query);
    for (const auto &row : rows.rows)
        dropped.push_back(dropped_of(row));
    std::stable_sort(dropped.begin(), dropped.end(), [](const DroppedIndex &left, const DroppedIndex &right) {
        return std::pair(rank_of(left.rule), left.finding) < std::pair(rank_of(right.rule), right.finding);
    });
    return dropped;
}

} // namespace advisor::pg
