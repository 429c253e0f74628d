import { useState } from "react";

export function App() {
  const [count, setCount] = useState(0);
  return (
    <main>
      <header className="top">
        <div>
          <h1>{{title}}</h1>
          <p className="lead">Edit src/App.tsx, and the page follows.</p>
        </div>
      </header>
      <section className="card row">
        <button type="button" className="primary" onClick={() => setCount((before) => before + 1)}>
          Count
        </button>
        <output aria-live="polite">{count}</output>
      </section>
    </main>
  );
}
