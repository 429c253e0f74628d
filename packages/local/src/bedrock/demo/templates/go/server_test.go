package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func request(handler http.Handler, method, path, body string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(method, path, strings.NewReader(body)))
	return recorder
}

// feature:records
func newTestServer(t *testing.T) http.Handler {
	t.Helper()
	store, err := NewStore("")
	if err != nil {
		t.Fatal(err)
	}
	return NewServer(store)
}

const sample = `{{sample}}`

func TestCreateReadChangeDelete(t *testing.T) {
	server := newTestServer(t)
	if created := request(server, "POST", "/items", sample); created.Code != 201 {
		t.Fatalf("create: %d %s", created.Code, created.Body)
	}
	if list := request(server, "GET", "/items", ""); list.Code != 200 || !strings.HasPrefix(list.Body.String(), `[{"id":"1"`) {
		t.Fatalf("list: %d %s", list.Code, list.Body)
	}
	if changed := request(server, "PATCH", "/items/1", `{{change}}`); changed.Code != 200 || !strings.Contains(changed.Body.String(), `{{changed}}`) {
		t.Fatalf("change: %d %s", changed.Code, changed.Body)
	}
	if deleted := request(server, "DELETE", "/items/1", ""); deleted.Code != 204 {
		t.Fatalf("delete: %d", deleted.Code)
	}
	if missing := request(server, "GET", "/items/1", ""); missing.Code != 404 {
		t.Fatalf("read after delete: %d", missing.Code)
	}
}

func TestInvalidInput(t *testing.T) {
	server := newTestServer(t)
	for _, body := range []string{"{", "[]", "{}", `{"nonsense": 1}`} {
		if refused := request(server, "POST", "/items", body); refused.Code != 400 {
			t.Errorf("%s: %d", body, refused.Code)
		}
	}
	if list := request(server, "GET", "/items", ""); strings.TrimSpace(list.Body.String()) != "[]" {
		t.Errorf("something was kept: %s", list.Body)
	}
}

func TestFileStore(t *testing.T) {
	file := t.TempDir() + "/items.json"
	first, err := NewStore(file)
	if err != nil {
		t.Fatal(err)
	}
	request(NewServer(first), "POST", "/items", sample)
	second, err := NewStore(file)
	if err != nil || len(second.All()) != 1 {
		t.Fatalf("kept %d, %v", len(second.All()), err)
	}
}

// end:records
// not:records
func newTestServer(t *testing.T) http.Handler {
	t.Helper()
	return NewServer()
}

// end:records
func TestNotFound(t *testing.T) {
	if missing := request(newTestServer(t), "GET", "/nothing", ""); missing.Code != 404 {
		t.Fatalf("%d", missing.Code)
	}
}

// More tests go here.
