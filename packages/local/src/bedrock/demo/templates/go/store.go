package main

import (
	"encoding/json"
	"errors"
	"os"
	"sort"
	"strconv"
	"sync"
)

{{structs}}

var errNotFound = errors.New("not found")

// Store keeps records by id: in memory, or also in a JSON file, which is replaced as a whole at each change.
type Store struct {
	mutex   sync.Mutex
	file    string
	records map[string]Item
	lastID  int
}

// NewStore reads the records of a file; without a name they are in memory only.
func NewStore(file string) (*Store, error) {
	store := &Store{file: file, records: map[string]Item{}}
	if file == "" {
		return store, nil
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return store, nil
	}
	if err != nil {
		return nil, err
	}
	var records []Item
	if err := json.Unmarshal(content, &records); err != nil {
		return nil, err
	}
	for _, record := range records {
		store.records[record.ID] = record
		if id, err := strconv.Atoi(record.ID); err == nil && id > store.lastID {
			store.lastID = id
		}
	}
	return store, nil
}

// All returns the records in the order in which they were added.
func (s *Store) All() []Item {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.sorted()
}

// Find returns a record by its id.
func (s *Store) Find(id string) (Item, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	record, found := s.records[id]
	return record, found
}

// Add gives the record an id and keeps it.
func (s *Store) Add(record Item) (Item, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.lastID++
	record.ID = strconv.Itoa(s.lastID)
	s.records[record.ID] = record
	return record, s.save()
}

// Change applies what was sent, unless the result would not be valid.
func (s *Store) Change(id string, input Input) (Item, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	record, found := s.records[id]
	if !found {
		return record, errNotFound
	}
	input.applyTo(&record)
	if err := record.validate(); err != nil {
		return record, err
	}
	s.records[id] = record
	return record, s.save()
}

// Remove deletes a record; one that is not there is no error.
func (s *Store) Remove(id string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.records, id)
	return s.save()
}

func (s *Store) sorted() []Item {
	records := make([]Item, 0, len(s.records))
	for _, record := range s.records {
		records = append(records, record)
	}
	sort.Slice(records, func(i, j int) bool {
		a, _ := strconv.Atoi(records[i].ID)
		b, _ := strconv.Atoi(records[j].ID)
		return a < b
	})
	return records
}

func (s *Store) save() error {
	if s.file == "" {
		return nil
	}
	content, err := json.MarshalIndent(s.sorted(), "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.file+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(s.file+".new", s.file)
}
