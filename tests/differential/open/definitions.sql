-- case: collations of expressions are not derived
CREATE TABLE t (c text GENERATED ALWAYS AS (upper('x')) STORED);
-- case: an extension that the server does not have
CREATE EXTENSION nosuchextension;
