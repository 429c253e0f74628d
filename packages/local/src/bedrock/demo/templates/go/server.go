package main

import (
	"encoding/json"
	// feature:records
	"errors"
	// end:records
	"net/http"
	// feature:records
	"strings"
	// end:records
	// feature:time
	"time"
	// end:time
)

// feature:records
// NewServer answers with the records of a store.
func NewServer(store *Store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/items", store.serveAll)
	mux.HandleFunc("/items/", store.serveOne)
	// end:records
	// not:records
// NewServer answers the routes below.
func NewServer() http.Handler {
	mux := http.NewServeMux()
	// end:records
	// More routes go here.
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusNotFound, "there is no "+r.URL.Path)
	})
	return mux
}

// get answers GET requests with a value as JSON.
func get(value func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			fail(w, http.StatusMethodNotAllowed, "only GET is allowed here")
			return
		}
		send(w, http.StatusOK, value())
	}
}
// feature:records

func (s *Store) serveAll(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		send(w, http.StatusOK, s.All())
	case http.MethodPost:
		var input Input
		if err := decode(w, r, &input); err != nil {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
		record := Item{}
		input.applyTo(&record)
		if err := record.validate(); err != nil {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
		added, err := s.Add(record)
		if err != nil {
			fail(w, http.StatusInternalServerError, "it could not be saved")
			return
		}
		send(w, http.StatusCreated, added)
	default:
		fail(w, http.StatusMethodNotAllowed, "only GET and POST are allowed here")
	}
}

func (s *Store) serveOne(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(r.URL.Path, "/items/")
	record, found := s.Find(id)
	if !found {
		fail(w, http.StatusNotFound, "there is no item "+id)
		return
	}
	switch r.Method {
	case http.MethodGet:
		send(w, http.StatusOK, record)
	case http.MethodPatch:
		var input Input
		if err := decode(w, r, &input); err != nil {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
		changed, err := s.Change(id, input)
		if errors.Is(err, errNotFound) {
			fail(w, http.StatusNotFound, "there is no item "+id)
			return
		}
		if err != nil {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
		send(w, http.StatusOK, changed)
	case http.MethodDelete:
		if err := s.Remove(id); err != nil {
			fail(w, http.StatusInternalServerError, "it could not be deleted")
			return
		}
		w.WriteHeader(http.StatusNoContent)
	default:
		fail(w, http.StatusMethodNotAllowed, "only GET, PATCH and DELETE are allowed here")
	}
}

// decode reads a JSON object of at most 100 kB. Unknown fields are refused, so that a slip is noticed.
func decode(w http.ResponseWriter, r *http.Request, into any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 100_000))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
// end:records

func send(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

func fail(w http.ResponseWriter, status int, reason string) {
	send(w, status, map[string]string{"error": reason})
}
