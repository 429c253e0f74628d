package main

import (
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	// feature:records
	// feature:persist
	file := os.Getenv("DATA_FILE")
	if file == "" {
		file = "items.json"
	}
	store, err := NewStore(file)
	// end:persist
	// not:persist
	// With DATA_FILE=items.json they are kept in that file; otherwise in memory.
	store, err := NewStore(os.Getenv("DATA_FILE"))
	// end:persist
	if err != nil {
		log.Fatal(err)
	}
	handler := NewServer(store)
	// end:records
	// not:records
	handler := NewServer()
	// end:records
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("Listening at http://localhost:%s", port)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.Serve(listener))
}
