package web

// getAsks lists the asks to the reader and of the reader.
func (s *Server) getAsks(q *request) error { return errMethod }
