-- pg_repack 1.5: its functions are called by its own program only.

CREATE SCHEMA repack;
