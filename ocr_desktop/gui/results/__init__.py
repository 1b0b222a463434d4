"""The results of a job: the table, the preview, and the export."""
