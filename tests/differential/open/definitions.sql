-- case: collations of expressions are not derived
CREATE TABLE t (c text GENERATED ALWAYS AS (upper('x')) STORED);
-- case: an extension that the server does not have
CREATE EXTENSION nosuchextension;
-- case: what a role owns is not given away
CREATE ROLE alice;
CREATE ROLE bob;
CREATE TABLE t (id int);
ALTER TABLE t OWNER TO alice;
REASSIGN OWNED BY alice TO bob;
-- case: what a role owns is not dropped
CREATE ROLE alice;
CREATE TABLE t (id int);
ALTER TABLE t OWNER TO alice;
DROP OWNED BY alice;
