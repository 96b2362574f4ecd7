// A gate in Node with better-sqlite3: node application.js shop.db db_advisor
const Database = require('better-sqlite3');

const [, , path, module_] = process.argv;
const database = new Database(path);
database.loadExtension(module_);
console.log(database.prepare('SELECT name FROM customers WHERE id = ?').pluck().get(7));
console.log(database.prepare("SELECT advisor_assert('full_scan_rows', 1000)").pluck().get());
database.prepare('SELECT name FROM customers WHERE city = ?').all(3);
try {
    database.prepare("SELECT advisor_assert('full_scan_rows', 1000)").get();
    process.exitCode = 1;
} catch (error) {
    console.log(error.message.split('\n')[0]);
}
database.close();
