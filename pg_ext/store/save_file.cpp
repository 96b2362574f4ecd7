// File: header, then per partition its length, its image and its pending slots. Plain C throughout: this also
// runs in the postmaster while it shuts down, where an error would be fatal.
#include "pg_ext/store/save_file.h"

#include "pg_ext/compat.h"
#include "pg_ext/settings.h"

#include "pg_ext/store/evictions.h"
#include "pg_ext/store/image.h"
#include "pg_ext/store/pool.h"
#include "pg_ext/store/sight.h"
#include "pg_ext/store/slices.h"
#include "pg_ext/store/table.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace advisor::pg::store {

const char *const save_file_name = "pg_stat/db_advisor.stat";

namespace {

constexpr const char *new_name = "pg_stat/db_advisor.stat.new";
constexpr const char *aside_name = "pg_stat/db_advisor.stat.damaged";
constexpr char magic[8] = {'D', 'B', 'A', 'D', 'V', 'I', 'S', 'E'};

// What is known of what is not there.
struct Losses {
    std::uint64_t untraced; // with executions that found no room
    std::uint32_t evicted_from[eviction_words];
    std::uint32_t xid_mark_count;
    XidMark xid_marks[most_xid_marks];
};

struct FileHeader {
    char magic[8];
    std::uint32_t layout_version;
    std::uint32_t server_version; // major
    std::uint32_t statement_bytes, plan_bytes, slice_bytes, slot_bytes;
    std::uint32_t crc;            // of the body and of this header, with 0 here
    double milliseconds_per_tick; // of the slots
    std::uint32_t holds_constants;
    std::uint64_t system_identifier;
    std::uint64_t body_bytes;
    TimestampTz recording_since;
    double weight_of_millisecond;
    Losses losses;
};

struct PartitionHeader {
    std::uint64_t image_bytes;
    std::uint64_t slot_count;
};

FileHeader expected_header() {
    FileHeader header;
    std::memset(&header, 0, sizeof header);
    std::memcpy(header.magic, magic, sizeof magic);
    header.layout_version = layout_version;
    header.server_version = server_major_version;
    header.statement_bytes = sizeof(Statement);
    header.plan_bytes = sizeof(Plan);
    header.slice_bytes = sizeof(Slice);
    header.slot_bytes = sizeof(Slot);
    header.system_identifier = block->system_identifier;
    return header;
}

// body: the running checksum of what follows the header.
pg_crc32c crc_with(pg_crc32c body, FileHeader header) {
    header.crc = 0;
    COMP_CRC32C(body, &header, sizeof header);
    FIN_CRC32C(body);
    return body;
}

// Without locks: the worst is a mark less.
Losses current_losses() {
    Losses losses;
    std::memset(&losses, 0, sizeof losses);
    losses.untraced = lost_without_trace();
    for (std::uint32_t word = 0; word < eviction_words; ++word)
        losses.evicted_from[word] = pg_atomic_read_u32(&block->evicted_from[word]);
    losses.xid_mark_count = block->xid_mark_count;
    std::memcpy(losses.xid_marks, block->xid_marks, sizeof losses.xid_marks);
    return losses;
}

void restore_losses(const Losses &losses) {
    pg_atomic_fetch_add_u64(&block->evicted_untraced, losses.untraced);
    for (std::uint32_t word = 0; word < eviction_words; ++word)
        pg_atomic_fetch_or_u32(&block->evicted_from[word], losses.evicted_from[word]);
    block->xid_mark_count = std::min(losses.xid_mark_count, most_xid_marks);
    std::memcpy(block->xid_marks, losses.xid_marks, sizeof losses.xid_marks);
}

struct Writer {
    FILE *file;
    pg_crc32c crc;
    std::uint64_t bytes;

    bool put(const void *data, std::size_t size) {
        COMP_CRC32C(crc, data, size);
        bytes += size;
        return size == 0 || std::fwrite(data, size, 1, file) == 1;
    }
};

bool put_partitions(Writer &writer, bool locking) {
    PartitionCopy copy{};
    bool good = true;
    for (std::uint32_t partition = 0; partition < partitions && good; ++partition) {
        good = copy_partition(partition, locking, copy);
        if (!good)
            break;
        const PartitionHeader part{copy.image_bytes, copy.slot_count};
        good = writer.put(&part, sizeof part) &&
               writer.put(copy.bytes, copy.image_bytes + copy.slot_count * sizeof(Slot));
    }
    free_copy(copy);
    return good;
}

bool write_file(FILE *file, bool locking) {
    FileHeader header = expected_header();
    Writer writer{file, 0, 0};
    INIT_CRC32C(writer.crc);
    if (std::fwrite(&header, sizeof header, 1, file) != 1 || !put_partitions(writer, locking))
        return false;
    header.body_bytes = writer.bytes;
    header.recording_since = block->recording_since;
    header.weight_of_millisecond = weight_of_millisecond(GetCurrentTimestamp());
    header.milliseconds_per_tick = block->milliseconds_per_tick;
    header.holds_constants = pg_atomic_read_u32(&block->holds_constants);
    header.losses = current_losses();
    header.crc = crc_with(writer.crc, header);
    return std::fseek(file, 0, SEEK_SET) == 0 && std::fwrite(&header, sizeof header, 1, file) == 1 &&
           std::fflush(file) == 0 && fsync(fileno(file)) == 0;
}

bool write_and_rename(bool locking) {
    const int descriptor = open(new_name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (descriptor < 0)
        return false;
    FILE *file = fdopen(descriptor, "wb");
    if (!file) {
        close(descriptor);
        return false;
    }
    const bool written = write_file(file, locking);
    const int error = errno;
    const bool closed = std::fclose(file) == 0;
    if (written && closed)
        return durable_rename(new_name, save_file_name, LOG) == 0;
    errno = error;
    return false;
}

void set_aside(const char *why) {
    ereport(LOG, (errmsg("set aside the recorded workload in \"%s\" as \"%s\": %s", save_file_name,
                         aside_name, why)));
    (void)durable_rename(save_file_name, aside_name, LOG);
}

// Texts with constants in them, while constants are not to be kept: they are asked for again.
bool drops_texts = false;

template <unsigned Count>
void restore_blobs(Blob (&blobs)[Count], std::uint32_t &tried, const char *const (&bytes)[Count]) {
    for (unsigned i = 0; i < Count; ++i)
        blobs[i] = drops_texts ? Blob{} : store_blob(bytes[i], blobs[i].bytes);
    if (drops_texts)
        tried = 0;
}

// Null when it is there already or finds no room.
Statement *restore_statement(const Statement &saved, const char *const (&blobs)[statement_blobs],
                             double weight_of_saved) {
    const std::uint32_t hash = hash_key(saved.key);
    Statement *statement = find_statement(saved.key, hash) ? nullptr : insert_statement(saved.key, hash);
    if (!statement)
        return nullptr;
    const Ref next = statement->next;
    *statement = saved;
    statement->next = next;
    statement->plans = 0;
    statement->plan_count = 0;
    statement->hash = hash;
    statement->change_serial = 0;
    statement->weight /= weight_of_saved;
    restore_blobs(statement->blobs, statement->tried, blobs);
    return statement;
}

Plan *restore_plan(Statement *statement, const Plan &saved, const char *const (&blobs)[plan_blobs]) {
    Plan *plan = statement ? insert_plan(*statement, saved.planid) : nullptr;
    if (!plan)
        return nullptr;
    const Ref next = plan->next;
    *plan = saved;
    plan->next = next;
    plan->slices = 0;
    restore_blobs(plan->blobs, plan->tried, blobs);
    return plan;
}

// The slices of a plan, the newest first; the plan is null when it found no room.
bool restore_slices(ImageCursor &cursor, const Plan &saved, Plan *plan) {
    Slice slice;
    Slice *before = nullptr;
    for (bool more = saved.slices != 0; more; more = slice.next != 0) {
        if (!next_slice(cursor, slice))
            return false;
        const Ref ref = plan ? take_chunks(1) : 0;
        if (ref == 0)
            continue;
        *slice_at(ref) = slice;
        slice_at(ref)->next = 0;
        (before ? before->next : plan->slices) = ref;
        before = slice_at(ref);
    }
    return true;
}

// False when the image is not what it should be; entries that find no room are left out.
bool restore_image(ImageCursor cursor, double weight_of_saved) {
    Statement saved;
    const char *blobs[statement_blobs];
    while (next_statement(cursor, saved, blobs)) {
        Statement *statement = restore_statement(saved, blobs, weight_of_saved);
        for (std::uint32_t i = 0; i < saved.plan_count; ++i) {
            Plan plan;
            const char *plan_bytes[plan_blobs];
            if (!next_plan(cursor, plan, plan_bytes) ||
                !restore_slices(cursor, plan, restore_plan(statement, plan, plan_bytes)))
                return false;
        }
    }
    return cursor.at == cursor.end;
}

// Ticks of another start of the server.
void rescale(Pending &pending, double factor) {
    for (auto field : {&Pending::total, &Pending::self, &Pending::least, &Pending::most, &Pending::planning,
                       &Pending::failed_ticks})
        pending.*field = static_cast<std::uint64_t>(static_cast<double>(pending.*field) * factor);
    pending.squares *= factor * factor;
}

void restore_slot(const Slot &slot) {
    if (const Sight sight = find_or_insert(slot); sight.plan) {
        add_to_slices(*sight.statement, *sight.plan, slot.pending);
        merge_counters(sight.plan->counters, counters_of(slot.pending));
    }
}

bool restore_body(const char *body, const FileHeader &header) {
    const char *at = body;
    const char *const end = body + header.body_bytes;
    while (at < end) {
        PartitionHeader part;
        if (static_cast<std::size_t>(end - at) < sizeof part)
            return false;
        std::memcpy(&part, at, sizeof part);
        at += sizeof part;
        const auto left = static_cast<std::size_t>(end - at);
        if (part.image_bytes > left || part.slot_count > (left - part.image_bytes) / sizeof(Slot) ||
            !restore_image({at, at + part.image_bytes}, header.weight_of_millisecond))
            return false;
        at += part.image_bytes;
        for (std::uint64_t i = 0; i < part.slot_count; ++i, at += sizeof(Slot)) {
            Slot slot;
            std::memcpy(&slot, at, sizeof slot);
            rescale(slot.pending, header.milliseconds_per_tick / block->milliseconds_per_tick);
            restore_slot(slot);
        }
    }
    return true;
}

// Null, or why the file is not ours. On success the body is the caller's to free.
const char *read_body(FILE *file, std::uint64_t file_bytes, FileHeader &header, char *&body) {
    if (std::fread(&header, sizeof header, 1, file) != 1 ||
        std::memcmp(header.magic, magic, sizeof magic) != 0)
        return "it is not a file of db_advisor";
    FileHeader expected = expected_header();
    expected.crc = header.crc;
    expected.body_bytes = header.body_bytes;
    expected.recording_since = header.recording_since;
    expected.weight_of_millisecond = header.weight_of_millisecond;
    expected.milliseconds_per_tick = header.milliseconds_per_tick;
    expected.holds_constants = header.holds_constants;
    expected.losses = header.losses;
    if (header.system_identifier != expected.system_identifier)
        return "it belongs to another database cluster";
    if (std::memcmp(&header, &expected, sizeof header) != 0)
        return "it was written by another version";
    if (header.body_bytes != file_bytes - sizeof header)
        return "its length is wrong";
    body = static_cast<char *>(std::malloc(header.body_bytes + 1));
    if (!body)
        return "there is not enough memory to read it";
    if (header.body_bytes > 0 && std::fread(body, header.body_bytes, 1, file) != 1)
        return "it could not be read";
    pg_crc32c crc;
    INIT_CRC32C(crc);
    COMP_CRC32C(crc, body, header.body_bytes);
    return crc_with(crc, header) == header.crc ? nullptr : "its checksum is wrong";
}

} // namespace

bool save_to_file() {
    const bool saved = write_and_rename(IsUnderPostmaster);
    if (!saved) {
        const int error = errno;
        pg_atomic_fetch_add_u64(&block->save_failures, 1);
        ereport(LOG, (errmsg("could not save the recorded workload to \"%s\": %s", save_file_name,
                             std::strerror(error))));
        (void)unlink(new_name);
        return false;
    }
    pg_atomic_fetch_add_u64(&block->saves, 1);
    pg_atomic_write_u64(&block->last_saved, static_cast<std::uint64_t>(GetCurrentTimestamp()));
    return true;
}

void remove_file() {
    (void)unlink(save_file_name);
}

void load_from_file() {
    FILE *file = std::fopen(save_file_name, "rb");
    if (!file) {
        const int error = errno;
        if (error != ENOENT)
            ereport(LOG, (errmsg("could not read the recorded workload in \"%s\": %s", save_file_name,
                                 std::strerror(error))));
        return;
    }
    struct stat status;
    char *body = nullptr;
    FileHeader header;
    const char *fault = fstat(fileno(file), &status) != 0 || status.st_size < off_t{sizeof header}
                            ? "its length is wrong"
                            : read_body(file, static_cast<std::uint64_t>(status.st_size), header, body);
    (void)std::fclose(file);
    drops_texts = !fault && header.holds_constants && settings::capture_parameters != settings::capture_on;
    if (!fault && !restore_body(body, header))
        fault = "its contents are inconsistent";
    std::free(body);
    if (fault) {
        set_aside(fault);
        return;
    }
    block->recording_since = header.recording_since;
    restore_losses(header.losses);
    pg_atomic_write_u32(&block->holds_constants, header.holds_constants && !drops_texts);
    pg_atomic_write_u64(&block->last_saved,
                        static_cast<std::uint64_t>(time_t_to_timestamptz(status.st_mtime)));
}

} // namespace advisor::pg::store
