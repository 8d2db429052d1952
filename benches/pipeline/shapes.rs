//! Projects of several shapes, each migration of which has 14 statements.

use std::fmt::Write as _;

/// A way to write a project.
pub struct Shape {
    pub name: &'static str,
    /// The text of the migration of that number.
    pub migration: fn(usize) -> String,
    /// What the spec says on the table that this migration makes, if anything.
    pub spec: fn(usize) -> Option<String>,
}

pub const SHAPES: [Shape; 4] = [
    Shape { name: "modules", migration: module, spec: |n| n.is_multiple_of(10).then(|| owned(format!("module_{n}"))) },
    Shape { name: "hubs", migration: hub, spec: |n| is_new_hub(n).then(|| owned(format!("hub_{n}"))) },
    Shape {
        name: "references",
        migration: references,
        spec: |n| Some(format!("  shop.item_{n}_1:\n    columns: {{ state: {{ type: shop.state }} }}\n")),
    },
    Shape {
        name: "functions",
        migration: functions,
        spec: |n| Some(format!("  ledger_{n}_log:\n    columns: {{ what: {{ type: text, nullable: false }} }}\n")),
    },
];

fn owned(table: String) -> String {
    format!(
        "  {table}:\n    columns: {{ owner_id: {{ type: uuid, nullable: false }} }}\n    rls: {{ enabled: true }}\n"
    )
}

/// 14 statements about one table.
fn module(n: usize) -> String {
    let t = format!("module_{n}");
    format!(
        "CREATE TABLE public.{t} (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner_id uuid NOT NULL,
    title text NOT NULL CHECK (length(title) > 0),
    state text DEFAULT 'new' CHECK (state IN ('new', 'open', 'closed')),
    amount numeric(10, 2) NOT NULL DEFAULT 0,
    tags text[],
    payload jsonb NOT NULL DEFAULT '{{}}',
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);
CREATE INDEX idx_{t}_owner ON public.{t} (owner_id);
CREATE INDEX idx_{t}_open ON public.{t} (created_at DESC) WHERE state = 'open';
ALTER TABLE public.{t} ENABLE ROW LEVEL SECURITY;
CREATE POLICY \"read {t}\" ON public.{t} FOR SELECT USING (owner_id = current_setting('app.user')::uuid);
CREATE POLICY \"write {t}\" ON public.{t} FOR INSERT WITH CHECK (owner_id = current_setting('app.user')::uuid);
ALTER TABLE public.{t} ADD COLUMN archived boolean NOT NULL DEFAULT false;
ALTER TABLE public.{t} ADD CONSTRAINT {t}_amount CHECK (amount >= 0);
CREATE FUNCTION public.touch_{t}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;
CREATE TRIGGER touch_{t} BEFORE UPDATE ON public.{t} FOR EACH ROW EXECUTE FUNCTION public.touch_{t}();
CREATE INDEX idx_{t}_tags ON public.{t} USING gin (tags);
ALTER TABLE public.{t} ALTER COLUMN title SET DEFAULT 'untitled';
COMMENT ON TABLE public.{t} IS 'Rows of module {n}';
GRANT SELECT ON public.{t} TO PUBLIC;
"
    )
}

/// How many migrations the project of [`hub`] has for each table.
const PER_HUB: usize = 25;

fn is_new_hub(n: usize) -> bool {
    n.is_multiple_of(PER_HUB)
}

/// A few tables which all statements alter: without a schema, each in a migration far from the last one on the table.
fn hub(n: usize) -> String {
    let made = n / PER_HUB + 1;
    let t = format!("hub_{}", (n * 7 % made) * PER_HUB);
    let mut sql = if is_new_hub(n) {
        let t = format!("hub_{n}");
        format!(
            "CREATE TABLE {t} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id uuid NOT NULL,
    name varchar(120) NOT NULL UNIQUE,
    parent_id bigint REFERENCES {t} (id) ON DELETE CASCADE,
    is_open boolean NOT NULL DEFAULT true,
    created_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP
);
ALTER TABLE {t} ENABLE ROW LEVEL SECURITY;
"
        )
    } else {
        format!(
            "ALTER TABLE {t} ADD COLUMN IF NOT EXISTS note_{n} text;
ALTER TABLE {t} ALTER COLUMN note_{n} SET DEFAULT '', ALTER COLUMN note_{n} SET NOT NULL;
"
        )
    };
    let _ = write!(
        sql,
        "ALTER TABLE {t} ADD COLUMN kind_{n} smallint NOT NULL DEFAULT 0;
ALTER TABLE {t} ADD COLUMN ref_{n} bigint;
ALTER TABLE {t} ADD CONSTRAINT {t}_ref_{n}_fkey FOREIGN KEY (ref_{n}) REFERENCES hub_0 (id) ON DELETE SET NULL;
ALTER TABLE {t} ADD CONSTRAINT {t}_kind_{n}_check CHECK (kind_{n} BETWEEN 0 AND 9 AND (name IS NOT NULL OR kind_{n} = 3));
CREATE INDEX IF NOT EXISTS {t}_ref_{n} ON {t} (ref_{n});
CREATE INDEX {t}_lower_{n} ON {t} (lower(name), created_at DESC NULLS LAST) WHERE kind_{n} <> 0 AND is_open;
CREATE POLICY {t}_policy_{n} ON {t} FOR ALL TO PUBLIC
    USING (EXISTS (SELECT 1 FROM hub_0 h WHERE h.id = {t}.ref_{n} AND h.owner_id = {t}.owner_id))
    WITH CHECK (kind_{n} < 5);
DROP POLICY IF EXISTS {t}_policy_{n} ON {t};
ALTER TABLE {t} RENAME COLUMN kind_{n} TO sort_{n};
COMMENT ON COLUMN {t}.sort_{n} IS 'What comes first';
ALTER TABLE {t} DROP COLUMN ref_{n};
ALTER TABLE {t} DROP COLUMN sort_{n};
"
    );
    sql
}

/// Many tables in one schema that all refer to the first ones, and views over them.
fn references(n: usize) -> String {
    let mut sql = match n {
        0 => "CREATE SCHEMA shop;\nCREATE TYPE shop.state AS ENUM ('new', 'paid', 'sent');\n\
              CREATE TABLE shop.account (id bigserial PRIMARY KEY, mail text NOT NULL UNIQUE);\n\
              CREATE TABLE shop.tenant (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);\n"
            .to_owned(),
        _ => format!(
            "SET search_path TO shop, public;\n\
             CREATE TYPE label_{n} AS ENUM ('one', 'two', 'three');\n\
             CREATE DOMAIN amount_{n} AS numeric(12, 2) CHECK (VALUE >= 0);\n\
             COMMENT ON TYPE label_{n} IS 'Labels';\n"
        ),
    };
    for i in 0..2 {
        let t = format!("item_{n}_{i}");
        let _ = write!(
            sql,
            "CREATE TABLE shop.{t} (
    id bigserial PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES shop.tenant (id) ON DELETE CASCADE,
    account_id bigint REFERENCES shop.account ON DELETE SET NULL ON UPDATE CASCADE,
    state shop.state NOT NULL DEFAULT 'new',
    quantity integer NOT NULL DEFAULT 1 CHECK (quantity > 0),
    price numeric(10, 2),
    UNIQUE (tenant_id, account_id)
);
CREATE INDEX {t}_tenant ON shop.{t} (tenant_id, state);
ALTER TABLE shop.{t} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE VIEW shop.v_{t} AS
    SELECT i.id, a.mail, t.name, i.quantity * i.price AS total
    FROM shop.{t} i JOIN shop.tenant t ON t.id = i.tenant_id LEFT JOIN shop.account a ON a.id = i.account_id
    WHERE i.state <> 'sent';
ALTER TABLE shop.{t} OWNER TO postgres;
"
        );
    }
    sql
}

/// Functions and triggers with long bodies.
fn functions(n: usize) -> String {
    let t = format!("ledger_{n}");
    let mut sql = format!(
        "-- Ledger {n}: entries, their balance, and what keeps both right.
CREATE TABLE {t} (id bigserial PRIMARY KEY, account uuid NOT NULL, amount numeric NOT NULL, at timestamptz DEFAULT now());
CREATE TABLE {t}_log (id bigserial PRIMARY KEY, entry bigint REFERENCES {t}, what text NOT NULL, old jsonb, new jsonb);
"
    );
    for i in 0..4 {
        let _ = write!(
            sql,
            "CREATE OR REPLACE FUNCTION {t}_change_{i}(p_account uuid, p_amount numeric DEFAULT 0, OUT total numeric)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $function$
DECLARE
    v_balance numeric := 0;
    v_row {t}%ROWTYPE;
    v_count integer;
BEGIN
    -- Who asks for nothing gets nothing.
    IF p_amount IS NULL OR p_amount = 0 THEN
        RAISE NOTICE 'nothing to do for %', p_account;
        total := 0;
        RETURN;
    END IF;
    SELECT coalesce(sum(amount), 0), count(*) INTO v_balance, v_count FROM {t} WHERE account = p_account;
    IF v_balance + p_amount < 0 THEN
        RAISE EXCEPTION 'account % is overdrawn by %', p_account, v_balance + p_amount USING ERRCODE = 'P0001';
    END IF;
    FOR v_row IN SELECT * FROM {t} WHERE account = p_account ORDER BY at DESC LIMIT 10 LOOP
        IF v_row.amount > p_amount THEN
            UPDATE {t} SET amount = amount - 1 WHERE id = v_row.id;
        ELSIF v_row.amount = p_amount THEN
            CONTINUE;
        ELSE
            DELETE FROM {t} WHERE id = v_row.id AND at < now() - interval '{i} days';
        END IF;
    END LOOP;
    INSERT INTO {t} (account, amount) VALUES (p_account, p_amount) RETURNING id INTO v_count;
    total := v_balance + p_amount;
EXCEPTION WHEN unique_violation THEN
    total := NULL;
END;
$function$;
REVOKE ALL ON FUNCTION {t}_change_{i}(uuid, numeric) FROM PUBLIC;
"
        );
    }
    let _ = write!(
        sql,
        "CREATE FUNCTION {t}_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO {t}_log (entry, what, old) VALUES (OLD.id, TG_OP, to_jsonb(OLD));
        RETURN OLD;
    END IF;
    INSERT INTO {t}_log (entry, what, old, new)
    VALUES (NEW.id, TG_OP, CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END, to_jsonb(NEW));
    RETURN NEW;
END;
$$;
CREATE TRIGGER {t}_log AFTER INSERT OR UPDATE OR DELETE ON {t} FOR EACH ROW EXECUTE FUNCTION {t}_log();
CREATE FUNCTION {t}_sum(uuid) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT sum(amount) FROM {t} WHERE account = $1';
CREATE INDEX {t}_account ON {t} (account, at);
"
    );
    sql
}
