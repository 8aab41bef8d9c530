"""The Python front door, one file a question: names, paths or objects in, one `Request`, one result out."""
