-- What the application's role may do, in one database. Run by a superuser once per database, and in template1 so that
-- test databases begin with it. The owner makes tables; the application reads and writes rows, and nothing else.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO mall_app;
ALTER DEFAULT PRIVILEGES FOR ROLE mall_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mall_app;
ALTER DEFAULT PRIVILEGES FOR ROLE mall_owner GRANT USAGE, SELECT ON SEQUENCES TO mall_app;

-- Requests of the supplier's site run as this role (`SET LOCAL ROLE`), which policies keep to rows of one supplier. It
-- may do to a table what the application may. The application does not inherit from it, or the policies would bind it.
GRANT USAGE ON SCHEMA public TO mall_supplier;
ALTER DEFAULT PRIVILEGES FOR ROLE mall_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mall_supplier;
ALTER DEFAULT PRIVILEGES FOR ROLE mall_owner GRANT USAGE, SELECT ON SEQUENCES TO mall_supplier;
