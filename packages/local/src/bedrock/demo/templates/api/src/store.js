import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Records by id: in memory, or also in a JSON file, which is replaced as a whole at each change. */
export function createStore(file) {
  const records = new Map(load(file).map((record) => [record.id, record]));
  let lastID = Math.max(0, ...[...records.keys()].map(Number));

  function save() {
    if (file === undefined) return;
    writeFileSync(`${file}.new`, JSON.stringify([...records.values()], null, 2));
    renameSync(`${file}.new`, file);
  }

  return {
    all: () => [...records.values()],
    find: (id) => records.get(id),
    add(values) {
      const record = { id: String(++lastID), ...values };
      records.set(record.id, record);
      save();
      return record;
    },
    change(id, values) {
      const record = records.get(id);
      if (record === undefined) return undefined;
      Object.assign(record, values);
      save();
      return record;
    },
    remove(id) {
      const wasThere = records.delete(id);
      if (wasThere) save();
      return wasThere;
    },
  };
}

function load(file) {
  if (file === undefined) return [];
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
