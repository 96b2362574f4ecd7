// Figures, fingerprints and the two report forms.
#include "core/render/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace advisor::test {

using namespace core;

namespace {

Recommendation recommendation(const std::string &title, const std::string &fix) {
    Recommendation result;
    result.id = fingerprint("missing-index-filter", "shop.orders", title);
    result.rule = "missing-index-filter";
    result.severity = Severity::high;
    result.title = title;
    result.detail = "It is read as a whole.";
    result.benefit = 0.42;
    result.storage_bytes = 8 << 20;
    result.fix_steps = {fix};
    result.fix = fix;
    result.rollback = "DROP INDEX i;";
    return result;
}

std::vector<std::string> lines_of(const std::string &text) {
    std::vector<std::string> lines(1);
    for (const char c : text)
        if (c == '\n')
            lines.emplace_back();
        else
            lines.back() += c;
    return lines;
}

std::size_t width(const std::string &line) {
    return static_cast<std::size_t>(std::count_if(
        line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

TEST(Fingerprint, IsTheSameForever) {
    EXPECT_EQ(fingerprint("missing-index-filter", "shop.orders", "customer"), "0fb1c90e7d97a94c");
    EXPECT_EQ(fingerprint("", "", ""), "08328807b4eb6fed");
    EXPECT_NE(fingerprint("a", "bc", ""), fingerprint("ab", "c", ""));
    EXPECT_NE(fingerprint("a", "b", ""), fingerprint("a", "", "b"));
}

TEST(Figures, AreReadable) {
    EXPECT_EQ(human_bytes(0), "0 bytes");
    EXPECT_EQ(human_bytes(8 << 20), "8.0 MB");
    EXPECT_EQ(human_bytes(-8192), "-8.0 kB");
    EXPECT_EQ(human_bytes(250LL << 30), "250 GB");
    EXPECT_EQ(human_bytes((1 << 20) - 1), "1.0 MB");
    EXPECT_EQ(human_share(0.42), "42 %");
    EXPECT_EQ(human_share(0.0999), "10 %");
    EXPECT_EQ(human_share(0.004), "0.4 %");
    EXPECT_EQ(human_share(0.00001), "< 0.1 %");
    EXPECT_EQ(human_share(0), "0 %");
    EXPECT_EQ(human_share(1), "100 %");
    EXPECT_EQ(human_number(1234567), "1,234,567");
    EXPECT_EQ(human_number(-1234), "-1,234");
    EXPECT_EQ(human_number(123), "123");
    EXPECT_EQ(human_number(12.34), "12.3");
    EXPECT_EQ(human_number(0.044), "0.04");
    EXPECT_EQ(human_milliseconds(350), "350 ms");
    EXPECT_EQ(human_milliseconds(12500), "12.5 s");
    EXPECT_EQ(human_milliseconds(36e6), "10 h");
}

TEST(Report, IsAtMostAHundredColumnsWide) {
    std::vector<Recommendation> given = {
        recommendation("3 statements search shop.orders without an index on (customer)",
                       "CREATE INDEX CONCURRENTLY orders_customer_idx ON shop.orders (customer);"),
        recommendation(std::string(300, 'x'), "CREATE INDEX i ON t (" + std::string(300, 'y') + ");"),
        recommendation("Größenübersicht äöü " + std::string(40, 'z') +
                           " ééé ßßß öööööööööööööööö äääääääääää",
                       "CREATE INDEX i ON \"" + std::string(120, ' ') + "\" (a);"),
        recommendation("tab\tand\nline break", "CREATE INDEX i ON t (a) WHERE b = 'one\ntwo';"),
    };
    given[1].benefit.reset();
    given[1].storage_bytes.reset();
    given[2].storage_bytes = -(1LL << 50);
    for (int i = 0; i < 20; ++i)
        given.push_back(given[0]);
    const std::string text = report_text(given);
    for (const std::string &line : lines_of(text))
        EXPECT_LE(width(line), 100U) << line;
    EXPECT_EQ(text.find('\t'), std::string::npos);
    EXPECT_NE(text.find("24 recommendations, the first 10"), std::string::npos);
    std::size_t shown = 0;
    for (const std::string &line : lines_of(text))
        shown += line.starts_with("high");
    EXPECT_EQ(shown, 10U);
}

TEST(Report, ShowsOneRecommendationWhole) {
    const std::string text = report_text(std::vector{recommendation(
        "1 statement searches shop.orders without an index on (customer)", "CREATE INDEX i ON t (a);")});
    for (const char *part : {"1 recommendation:", "high", "42 %", "+8.0 MB", "CREATE INDEX i ON t (a);"})
        EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
    EXPECT_EQ(report_text({}), "No recommendations.\n");
}

TEST(Report, NeverBreaksAQuotedName) {
    const std::string fix =
        "CREATE INDEX i ON \"" + std::string(60, 'a') + " " + std::string(20, 'b') + "\" (c);";
    const std::string text = report_text(std::vector{recommendation("t", fix)});
    EXPECT_NE(text.find(std::string(60, 'a') + " " + std::string(20, 'b')), std::string::npos) << text;
}

TEST(Report, MarkdownCannotBeBrokenOutOf) {
    const std::string text = report_markdown(std::vector{
        recommendation("a | b ``` <script>", "CREATE INDEX i ON t (\"```\");"),
    });
    EXPECT_NE(text.find("a \\| b \\`\\`\\` \\<script\\>"), std::string::npos) << text;
    EXPECT_NE(text.find("````sql\nCREATE INDEX i ON t (\"```\");\n````"), std::string::npos) << text;
    EXPECT_NE(text.find("DROP INDEX i;"), std::string::npos);
    EXPECT_NE(report_markdown({}).find("None."), std::string::npos);
}

} // namespace advisor::test
