/* Runs one prepared statement many times: the program whose instructions are counted.
   loop DATABASE MODULE|- lookup|count EXECUTIONS */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void stop(sqlite3 *connection) {
    fprintf(stderr, "%s\n", sqlite3_errmsg(connection));
    exit(1);
}

int main(int count, char **arguments) {
    sqlite3 *connection = NULL;
    sqlite3_stmt *statement = NULL;
    const char *text;
    int i;
    if (count != 5 || sqlite3_open(arguments[1], &connection) != SQLITE_OK)
        return 2;
    sqlite3_enable_load_extension(connection, 1);
    if (strcmp(arguments[2], "-") != 0 && sqlite3_load_extension(connection, arguments[2], NULL, NULL) != SQLITE_OK)
        stop(connection);
    text = strcmp(arguments[3], "lookup") == 0 ? "SELECT b FROM t WHERE id = ?1"
                                               : "SELECT count(*) FROM t WHERE id BETWEEN ?1 AND ?1 + 99";
    if (sqlite3_prepare_v2(connection, text, -1, &statement, NULL) != SQLITE_OK)
        stop(connection);
    for (i = 0; i < atoi(arguments[4]); ++i) {
        sqlite3_bind_int(statement, 1, 500 + i % 100);
        while (sqlite3_step(statement) == SQLITE_ROW)
            (void)sqlite3_column_int(statement, 0);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return sqlite3_close(connection);
}
