// When an index may go, by what planning without it says, and how that is told.
#include "core/rules/drop_proof.h"

#include <gtest/gtest.h>

namespace advisor::test {

using namespace core;

namespace {

DropProof proof_with(double before, double after, double good_plan) {
    DropProof proof;
    proof.statements = 3;
    proof.good_plan = good_plan;
    proof.dearer.push_back({7, 10, before, after});
    return proof;
}

Recommendation finding() {
    Recommendation result;
    result.severity = Severity::low;
    result.confidence = 0.8;
    return result;
}

bool says(const Recommendation &row, const char *text) {
    return row.detail.find(text) != std::string::npos;
}

} // namespace

TEST(DropProof, AGoodPlanIsEnoughWhereTheRuleSaysSo) {
    EXPECT_TRUE(is_dispensable(proof_with(100, 109, 1.1)));
    EXPECT_FALSE(is_dispensable(proof_with(100, 111, 1.1)));
    EXPECT_FALSE(is_dispensable(proof_with(100, 109, 1.01)));
}

TEST(DropProof, WhatWasNotLookedAtSpeaksForTheIndex) {
    DropProof proof;
    EXPECT_TRUE(is_dispensable(proof));
    proof.not_reached = 1;
    EXPECT_FALSE(is_dispensable(proof));
    proof = DropProof();
    proof.instead_of = "shop.other";
    EXPECT_FALSE(is_dispensable(proof));
}

TEST(DropProof, TellsUnchangedPlansFromOtherGoodOnes) {
    Recommendation unchanged = finding(), other = finding();
    DropProof proof;
    proof.statements = 2;
    add_proof(proof, false, unchanged);
    EXPECT_TRUE(says(unchanged, "the plans of 2 recorded statements on the table cost what they did"));
    EXPECT_EQ(unchanged.confidence, 0.8);
    add_proof(proof_with(100, 105, 1.1), false, other);
    EXPECT_TRUE(says(other, "1 statement has another good plan without it"));
    EXPECT_TRUE(says(other, "from 100 to 105"));
}

TEST(DropProof, AHoleInTheProofIsTold) {
    DropProof proof;
    proof.evicted = true;
    Recommendation used = finding(), repeated = finding();
    add_proof(proof, false, used);
    EXPECT_EQ(used.severity, Severity::info);
    EXPECT_EQ(used.confidence, 0.4);
    EXPECT_TRUE(says(used, "evicted"));
    add_proof(proof, true, repeated); // what holds the same takes over, whoever reads it
    EXPECT_EQ(repeated.severity, Severity::low);
    EXPECT_EQ(repeated.confidence, 0.8);
}

TEST(DropProof, SaysWhatIsSaved) {
    DropProof proof;
    proof.entries_per_day = 5000;
    proof.write_cost_per_day = 2200;
    proof.hot_updates_per_day = 300;
    Recommendation row = finding();
    add_proof(proof, false, row);
    EXPECT_TRUE(says(row, "5,000 rows need no entry in it any more, a cost of 2,200"));
    EXPECT_TRUE(says(row, "Up to 300 updates a day become HOT"));
}

} // namespace advisor::test
