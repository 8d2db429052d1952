CREATE TABLE public.notes (
    id uuid PRIMARY KEY DEFAULT extensions.uuid_generate_v4(),
    owner uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    body text
);
ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.notes TO authenticated USING (owner = auth.uid());
REVOKE ALL ON public.notes FROM anon;
CREATE FUNCTION public.new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
    'BEGIN RETURN NEW; END';
CREATE POLICY mine ON storage.objects FOR SELECT TO authenticated USING (owner = auth.uid());
ALTER PUBLICATION supabase_realtime ADD TABLE public.notes;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM anon;
CREATE TABLE public.later (id integer);
COMMENT ON SCHEMA public IS 'ours';
