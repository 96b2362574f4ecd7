#include "sqlite_ext/store/save_file.h"

#include "sqlite_ext/handles.h"
#include "sqlite_ext/store/bounds.h"
#include "sqlite_ext/store/finding_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace advisor::sqlite {

namespace {

constexpr std::int64_t application_id = 0x64626176; // "dbav": marks the file as ours
constexpr int lock_wait_ms = 2000;

constexpr const char *layout = R"(
CREATE TABLE IF NOT EXISTS workload(
    database TEXT NOT NULL, queryid INTEGER NOT NULL, query TEXT NOT NULL, kind INTEGER NOT NULL,
    advisable INTEGER NOT NULL, too_long INTEGER NOT NULL, calls INTEGER NOT NULL, total_ms REAL NOT NULL,
    max_ms REAL NOT NULL, rows INTEGER NOT NULL, vm_steps INTEGER NOT NULL, fullscan_steps INTEGER NOT NULL,
    sorts INTEGER NOT NULL, autoindex_rows INTEGER NOT NULL, reprepares INTEGER NOT NULL,
    first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, PRIMARY KEY(database, queryid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS example(
    database TEXT NOT NULL, queryid INTEGER NOT NULL, text TEXT NOT NULL, expanded TEXT NOT NULL,
    PRIMARY KEY(database, queryid, text, expanded)) WITHOUT ROWID;
)";

// Query texts and values are nobody else's business: the file is created for its owner only.
void create_private(const std::string &path) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0)
        throw Failure(SQLITE_CANTOPEN, "could not open save file \"" + path + "\": " + std::strerror(errno));
    close(descriptor);
}

bool same_file(const std::string &a, const std::string &b) {
    struct stat first {};
    struct stat second {};
    return stat(a.c_str(), &first) == 0 && stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

Connection open_save_file(const std::string &path, const std::string &database) {
    create_private(path);
    if (same_file(path, database))
        throw Failure(SQLITE_ERROR, "save file \"" + path + "\" is the database itself");
    Connection connection =
        open_connection(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE);
    sqlite3_busy_timeout(connection.get(), lock_wait_ms);
    execute(connection.get(),
            "PRAGMA synchronous = OFF"); // a pool closes often; a lost power may cost advice only
    const auto id = single_integer(connection.get(), "PRAGMA application_id");
    const auto objects = single_integer(connection.get(), "SELECT count(*) FROM sqlite_schema");
    if (id != application_id) {
        if (objects != 0)
            throw Failure(SQLITE_NOTADB, "file \"" + path + "\" is not a save file of db_advisor");
        execute(connection.get(), "PRAGMA application_id = " + std::to_string(application_id));
    }
    execute(connection.get(), layout);
    create_finding_tables(connection.get());
    return connection;
}

std::int64_t load(Store &store, sqlite3 *file, const std::string &database, bool saved_already) {
    std::int64_t count = 0;
    Query examples(file, "SELECT text, expanded FROM example WHERE database = ?1 AND queryid = ?2");
    Query workload(
        file, "SELECT queryid, query, kind, advisable, too_long, calls, total_ms, max_ms, rows, vm_steps, "
              "fullscan_steps, sorts, autoindex_rows, reprepares, first_seen, last_seen "
              "FROM workload WHERE database = ?1 ORDER BY total_ms DESC LIMIT 5000");
    workload.bind(1, database);
    while (workload.step()) {
        RecordedStatement statement;
        statement.queryid = workload.integer(0);
        statement.query = workload.text(1);
        statement.kind = normalize(statement.query).kind;
        statement.advisable = workload.integer(3) != 0;
        statement.too_long = workload.integer(4) != 0;
        Counters &sum = statement.counters;
        sum.calls = bounded_count(workload.integer(5));
        sum.total_ms = bounded_amount(workload.real(6));
        sum.max_ms = bounded_amount(workload.real(7));
        sum.rows = bounded_count(workload.integer(8));
        sum.vm_steps = bounded_count(workload.integer(9));
        sum.fullscan_steps = bounded_count(workload.integer(10));
        sum.sorts = bounded_count(workload.integer(11));
        sum.autoindex_rows = bounded_count(workload.integer(12));
        sum.reprepares = bounded_count(workload.integer(13));
        statement.first_seen = bounded_time(workload.integer(14));
        statement.last_seen = bounded_time(workload.integer(15));
        examples.reset();
        examples.bind(1, database);
        examples.bind(2, statement.queryid);
        while (examples.step() && statement.examples.size() < Store::max_examples)
            statement.examples.push_back({examples.text(0), examples.text(1)});
        if (saved_already)
            statement.saved = statement.counters;
        store.restore(std::move(statement));
        ++count;
    }
    return count;
}

void bind_real(Query &query, int position, double value) {
    sqlite3_bind_double(query.get(), position, value);
}

void save_one(Query &upsert, const std::string &database, const RecordedStatement &statement) {
    const Counters &sum = statement.counters;
    const Counters &old = statement.saved;
    upsert.reset();
    upsert.bind(1, database);
    upsert.bind(2, statement.queryid);
    upsert.bind(3, statement.query);
    upsert.bind(4, static_cast<std::int64_t>(statement.kind));
    upsert.bind(5, std::int64_t{statement.advisable});
    upsert.bind(6, std::int64_t{statement.too_long});
    upsert.bind(7, sum.calls - old.calls);
    bind_real(upsert, 8, sum.total_ms - old.total_ms);
    bind_real(upsert, 9, sum.max_ms);
    upsert.bind(10, sum.rows - old.rows);
    upsert.bind(11, sum.vm_steps - old.vm_steps);
    upsert.bind(12, sum.fullscan_steps - old.fullscan_steps);
    upsert.bind(13, sum.sorts - old.sorts);
    upsert.bind(14, sum.autoindex_rows - old.autoindex_rows);
    upsert.bind(15, sum.reprepares - old.reprepares);
    upsert.bind(16, statement.first_seen);
    upsert.bind(17, statement.last_seen);
    upsert.step();
}

void save_statements(sqlite3 *file, const std::string &database,
                     const std::vector<RecordedStatement> &statements) {
    Query upsert(file,
                 "INSERT INTO workload VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17) "
                 "ON CONFLICT(database, queryid) DO UPDATE SET calls = calls + excluded.calls, "
                 "total_ms = total_ms + excluded.total_ms, max_ms = max(max_ms, excluded.max_ms), "
                 "rows = rows + excluded.rows, vm_steps = vm_steps + excluded.vm_steps, "
                 "fullscan_steps = fullscan_steps + excluded.fullscan_steps, "
                 "sorts = sorts + excluded.sorts, "
                 "autoindex_rows = autoindex_rows + excluded.autoindex_rows, "
                 "reprepares = reprepares + excluded.reprepares, "
                 "first_seen = min(first_seen, excluded.first_seen), "
                 "last_seen = max(last_seen, excluded.last_seen)");
    Query example(file, "INSERT OR IGNORE INTO example SELECT ?1, ?2, ?3, ?4 "
                        "WHERE (SELECT count(*) FROM example WHERE database = ?1 AND queryid = ?2) < 4");
    for (const RecordedStatement &statement : statements) {
        if (statement.counters.calls == statement.saved.calls)
            continue;
        save_one(upsert, database, statement);
        for (const Example &kept : statement.examples) {
            example.reset();
            example.bind(1, database);
            example.bind(2, statement.queryid);
            example.bind(3, kept.text);
            example.bind(4, kept.expanded);
            example.step();
        }
    }
}

void save(Store &store, sqlite3 *file, const std::string &database) {
    const std::vector<RecordedStatement> statements = store.statements();
    execute(file, "BEGIN IMMEDIATE");
    save_statements(file, database, statements);
    const std::int64_t version = store.findings().version();
    if (!store.findings().saved(version))
        save_findings(store.findings(), file, database);
    execute(file, "COMMIT");
    store.mark_saved(statements);
    store.findings().mark_saved(version);
}

void forget(sqlite3 *file, const std::string &database) {
    for (const char *table : {"workload", "example"}) {
        Query query(file, std::string("DELETE FROM ") + table + " WHERE database = ?1");
        query.bind(1, database);
        query.step();
    }
}

// What it holds is in the store already, or comes there by itself.
void refuse_own_save_file(const Store &store, const std::string &path) {
    const std::string own = store.save_file();
    if (!own.empty() && same_file(own, path))
        throw Failure(SQLITE_ERROR, "file \"" + path + "\" is the save file in use");
}

template <class Body>
void with_save_file(Store &store, const std::string &database, Body body) {
    const std::string path = store.save_file();
    if (path.empty())
        return;
    const std::lock_guard lock(store.save_mutex()); // two closing connections must not save the same calls
    try {
        const Connection file = open_save_file(path, database);
        body(file.get());
        store.set_save_error("");
    } catch (const std::exception &failure) {
        store.set_save_error(failure.what());
    }
}

} // namespace

void use_save_file(Store &store, const std::string &database, const std::string &save_file) {
    store.set_save_file(database.empty() ? "" : save_file); // a database without a file has no later process
    store.set_save_error("");
    store.findings().mark_saved(-1); // nothing of it is in this file yet
    with_save_file(store, database, [&](sqlite3 *file) {
        load(store, file, database, true);
        load_findings(store.findings(), file, database);
    });
}

void save_workload(Store &store, const std::string &database) {
    with_save_file(store, database, [&](sqlite3 *file) { save(store, file, database); });
}

void forget_saved(Store &store, const std::string &database) {
    with_save_file(store, database, [&](sqlite3 *file) { forget(file, database); });
}

std::int64_t export_workload(Store &store, const std::string &database, const std::string &path) {
    refuse_own_save_file(store, path);
    const Connection file = open_save_file(path, database);
    std::vector<RecordedStatement> statements = store.statements();
    for (RecordedStatement &statement : statements)
        statement.saved = {};
    execute(file.get(), "BEGIN IMMEDIATE");
    forget(file.get(), database);
    save_statements(file.get(), database, statements);
    execute(file.get(), "COMMIT");
    return static_cast<std::int64_t>(statements.size());
}

std::int64_t import_workload(Store &store, const std::string &database, const std::string &path) {
    refuse_own_save_file(store, path);
    if (access(path.c_str(), R_OK) != 0)
        throw Failure(SQLITE_CANTOPEN,
                      "could not open workload file \"" + path + "\": " + std::strerror(errno));
    const Connection file = open_save_file(path, database);
    const std::int64_t found = load(store, file.get(), database, false);
    if (found > 0)
        return found;
    Query others(file.get(), "SELECT min(database) FROM workload HAVING count(DISTINCT database) = 1");
    return others.step() ? load(store, file.get(), others.text(0), false) : 0;
}

} // namespace advisor::sqlite
