//! Facts of a catalog that both sides can be asked for: queries that a server and the replay answer.

/// Kinds of facts and their queries.
pub const FACTS: &[(&str, &str)] = &[
    (
        "relation",
        "SELECT n.nspname, c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
                pg_get_userbyid(c.relowner), c.relreplident
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
    ),
    (
        "column",
        "SELECT n.nspname, c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef,
                a.attidentity, a.attgenerated, col_description(c.oid, a.attnum)
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
               AND a.attnum > 0 AND NOT a.attisdropped",
    ),
    (
        "constraint",
        "SELECT n.nspname, k.conname, k.contype, k.conrelid::regclass, k.condeferrable, k.condeferred, k.convalidated,
                k.conkey, k.confrelid::regclass, k.confkey, k.confdeltype, k.confupdtype
         FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND k.contype IN ('c', 'f', 'p', 'u', 'x')",
    ),
    (
        "index",
        "SELECT i.indexrelid::regclass, i.indrelid::regclass, i.indisunique, i.indisprimary, i.indnatts, i.indnkeyatts,
                i.indpred IS NULL, i.indexprs IS NULL
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
    ),
    (
        "policy",
        "SELECT schemaname, tablename, policyname, permissive, roles, cmd, qual IS NULL, with_check IS NULL FROM pg_policies",
    ),
    (
        "trigger",
        "SELECT tgname, tgrelid::regclass, tgfoid::regproc, tgtype, tgenabled, tgnargs FROM pg_trigger WHERE NOT tgisinternal",
    ),
    (
        "function",
        "SELECT n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), p.prokind, p.provolatile, p.prosecdef,
                p.proisstrict, p.proretset, p.prorettype::regtype
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')",
    ),
    (
        "type",
        "SELECT n.nspname, t.typname, t.typtype, t.typnotnull, t.typcategory
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
    ),
    (
        "label",
        "SELECT t.typname, e.enumlabel, (SELECT count(*) FROM pg_enum b WHERE b.enumtypid = e.enumtypid AND b.enumsortorder < e.enumsortorder)
         FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid",
    ),
    (
        "sequence",
        "SELECT seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle FROM pg_sequence",
    ),
];
