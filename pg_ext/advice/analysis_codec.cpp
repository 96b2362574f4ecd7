// An analysis as bytes and back. Each struct lists its fields once, for both directions.
#include "pg_ext/advice/analysis_codec.h"

#include <concepts>
#include <cstring>
#include <type_traits>

namespace advisor::pg {
namespace {

class Writer {
public:
    template <class Value>
    requires(std::is_arithmetic_v<Value> || std::is_enum_v<Value>) void operator()(Value &value) {
        bytes_.append(reinterpret_cast<const char *>(&value), sizeof value);
    }
    void operator()(std::string &value) {
        std::size_t length = value.size();
        (*this)(length);
        bytes_ += value;
    }
    std::size_t length_of(std::size_t known) {
        (*this)(known);
        return known;
    }
    const std::string &bytes() const { return bytes_; }

private:
    std::string bytes_;
};

class Reader {
public:
    explicit Reader(const std::string &bytes) : bytes_(bytes) {}

    template <class Value>
    requires(std::is_arithmetic_v<Value> || std::is_enum_v<Value>) void operator()(Value &value) {
        std::memcpy(&value, bytes_.data() + at_, sizeof value);
        at_ += sizeof value;
    }
    void operator()(std::string &value) {
        std::size_t length = 0;
        (*this)(length);
        value.assign(bytes_, at_, length);
        at_ += length;
    }
    std::size_t length_of(std::size_t) {
        std::size_t length = 0;
        (*this)(length);
        return length;
    }

private:
    const std::string &bytes_;
    std::size_t at_ = 0;
};

template <class Archive, class Value>
void visit(Archive &archive, std::optional<Value> &value) {
    bool present = value.has_value();
    archive(present);
    if (!present)
        return;
    if (!value)
        value.emplace();
    archive(*value);
}

template <class Archive>
void visit(Archive &archive, core::Recommendation &row);
template <class Archive>
void visit(Archive &archive, FindingStatement &row);
template <class Archive>
void visit(Archive &archive, IndexFinding &row);
template <class Archive>
void visit(Archive &archive, CandidateRow &row);
template <class Archive>
void visit(Archive &archive, SkippedRow &row);

template <class Archive, class Value>
void visit(Archive &archive, std::vector<Value> &values) {
    values.resize(archive.length_of(values.size()));
    for (Value &value : values) {
        if constexpr (std::is_arithmetic_v<Value> || std::is_same_v<Value, std::string>)
            archive(value);
        else
            visit(archive, value);
    }
}

template <class Archive>
void visit(Archive &archive, core::Recommendation &row) {
    for (std::string *field :
         {&row.id, &row.rule, &row.category, &row.object, &row.title, &row.detail, &row.fix, &row.rollback})
        archive(*field);
    archive(row.severity);
    visit(archive, row.benefit);
    visit(archive, row.storage_bytes);
    archive(row.confidence);
    visit(archive, row.fix_steps);
}

template <class Archive>
void visit(Archive &archive, FindingStatement &row) {
    archive(row.queryid);
    archive(row.role);
    archive(row.query);
    for (double *field : {&row.calls, &row.total_ms, &row.share, &row.cost_before, &row.cost_after})
        archive(*field);
}

template <class Archive>
void visit(Archive &archive, IndexFinding &row) {
    visit(archive, row.recommendation);
    archive(row.evidence_json);
    archive(row.table);
    visit(archive, row.statements);
}

template <class Archive>
void visit(Archive &archive, CandidateRow &row) {
    archive(row.definition);
    archive(row.table);
    archive(row.size_bytes);
    archive(row.gain);
    archive(row.write_cost);
    archive(row.verdict);
    archive(row.reason);
    archive(row.role);
}

template <class Archive>
void visit(Archive &archive, SkippedRow &row) {
    archive(row.queryid);
    archive(row.reason);
}

template <class Archive>
void visit(Archive &archive, Analysis &analysis) {
    archive(analysis.statements);
    archive(analysis.what_if_calls);
    archive(analysis.milliseconds);
    archive(analysis.recorded_ms);
    archive(analysis.complete);
    archive(analysis.searched);
    archive(analysis.catalog);
    visit(archive, analysis.relations);
    visit(archive, analysis.findings);
    visit(archive, analysis.candidates);
    visit(archive, analysis.skipped);
}

} // namespace

std::string encode_analysis(const Analysis &analysis) {
    Writer writer;
    Analysis copy = analysis;
    visit(writer, copy);
    return writer.bytes();
}

Analysis decode_analysis(const std::string &bytes) {
    Reader reader(bytes);
    Analysis analysis;
    visit(reader, analysis);
    return analysis;
}

} // namespace advisor::pg
