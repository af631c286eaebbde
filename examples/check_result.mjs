// A result document in JavaScript: does it rest on this rubric and these marks, and who is first?
//
//   node examples/check_result.mjs result.json rubric.json marks.json
//
// Needs Node 18, and documents as dti.to_document writes them, without what is at its default.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

// under these keys stand the lists of what may have "custom", which is not hashed
const PARTS = ["indices", "components", "groups", "pillars", "units"];

function withoutCustom(document) {
  const entries = Object.entries(document).filter(([key]) => key !== "custom");
  return Object.fromEntries(entries.map(([key, value]) => [key, PARTS.includes(key) ? value.map(withoutCustom) : value]));
}

// RFC 8785: no idle space, keys in the order of their UTF-16 code units, numbers as JavaScript writes them
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`;
}

const sha256 = (value) => createHash("sha256").update(canonical(value)).digest("hex");
const text = (label) => label?.vi ?? label;

const [result, rubric, marks] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
for (const [name, document] of Object.entries({ rubric, marks })) {
  if (result[name].sha256 !== sha256(withoutCustom(document))) {
    console.error(`${name}: another than the one that was scored`);
    process.exit(1);
  }
}
const { library, ...said } = result; // whichever program worked it out
console.log(sha256(said));

// numbers that were published are text, so that no reader rounds them: "44.40"
const { rank, published } = result.scores.total;
const ranked = result.units.map((unit, at) => ({ ...unit, rank: rank[at], published: published[at] }));
for (const { code, title } of result.blocks ?? [{ title: rubric.title }]) {
  console.log(text(title));
  const inBlock = ranked.filter((unit) => unit.block === code && unit.rank !== null);
  for (const unit of inBlock.sort((a, b) => a.rank - b.rank)) {
    console.log(unit.rank, text(unit.name) ?? unit.code, unit.published);
  }
}
