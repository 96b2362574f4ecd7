/* A gate in C: cc application.c -lsqlite3 && ./a.out shop.db db_advisor */
#include <sqlite3.h>
#include <stdio.h>

static int print(void *unused, int count, char **values, char **names) {
    (void)unused;
    (void)names;
    printf("%s\n", count > 0 && values[0] != NULL ? values[0] : "");
    return 0;
}

static int run(sqlite3 *connection, const char *statement) {
    char *message = NULL;
    const int code = sqlite3_exec(connection, statement, print, NULL, &message);
    if (code != SQLITE_OK)
        fprintf(stderr, "%s\n", message);
    sqlite3_free(message);
    return code;
}

int main(int count, char **arguments) {
    sqlite3 *connection = NULL;
    char *message = NULL;
    int failed;
    if (count != 3 || sqlite3_open(arguments[1], &connection) != SQLITE_OK)
        return 2;
    /* For C only: load_extension() of SQL stays off. */
    sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
    if (sqlite3_load_extension(connection, arguments[2], NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "%s\n", message);
        return 2;
    }
    failed = run(connection, "SELECT name FROM customers WHERE id = 7") != SQLITE_OK ||
             run(connection, "SELECT advisor_assert('full_scan_rows', 1000)") != SQLITE_OK;
    if (!failed)
        failed = run(connection, "SELECT count(name) FROM customers WHERE city = 3") != SQLITE_OK ||
                 run(connection, "SELECT advisor_assert('full_scan_rows', 1000)") == SQLITE_OK;
    sqlite3_close(connection);
    return failed;
}
