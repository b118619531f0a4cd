-- What the application's role may do, in one database. Run by a superuser once per database, and in template1 so that
-- test databases begin with it. The owner makes tables; the application reads and writes rows, and nothing else.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO mall_app;
ALTER DEFAULT PRIVILEGES FOR ROLE mall_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mall_app;
ALTER DEFAULT PRIVILEGES FOR ROLE mall_owner GRANT USAGE, SELECT ON SEQUENCES TO mall_app;
