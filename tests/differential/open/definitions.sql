-- case: an extension that the server does not have
CREATE EXTENSION nosuchextension;
