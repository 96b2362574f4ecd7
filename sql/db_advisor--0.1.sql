-- db_advisor 0.1: the schema advisor. Rules are appended by the build.
\echo Use "CREATE EXTENSION db_advisor" to load this file. \quit
