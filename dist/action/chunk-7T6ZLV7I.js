import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  featureOf,
  isPlainMap,
  keyText,
  toData
} from "./chunk-6HZFIDOY.js";
import {
  entryKey,
  nearest
} from "./chunk-E7ZLXCHG.js";
import {
  readText,
  readYaml,
  require_dist
} from "./chunk-L5ADSYT5.js";
import {
  partsOfText,
  withPart
} from "./chunk-ZTP2FEA4.js";
import {
  without
} from "./chunk-YHZEJLZZ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import {
  __toESM
} from "./chunk-VOBUUCNC.js";

// src/config/edit/apply.ts
var import_yaml4 = __toESM(require_dist(), 1);

// src/config/edit/block.ts
var import_yaml3 = __toESM(require_dist(), 1);

// src/config/edit/splice.ts
var import_yaml = __toESM(require_dist(), 1);
function applySplices(text, splices) {
  const inOrder = [...splices].sort((a, b) => a.start - b.start);
  return inOrder.reduceRight((result, { start, end, text: replacement }) => {
    return result.slice(0, start) + replacement + result.slice(end);
  }, text);
}
function insertAt(offset, text) {
  return { start: offset, end: offset, text };
}
function cut(start, end) {
  return { start, end, text: "" };
}
function lineStart(text, offset) {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return start === 0 && text.startsWith("\uFEFF") ? 1 : start;
}
function lineEnd(text, offset) {
  const end = text.indexOf("\n", offset);
  if (end < 0) return text.length;
  return end > offset && text[end - 1] === "\r" ? end - 1 : end;
}
function nextLine(text, offset) {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}
function lineBreak(text, offset) {
  for (const from of [offset, 0]) {
    const end = text.indexOf("\n", from);
    if (end >= 0) return text[end - 1] === "\r" ? "\r\n" : "\n";
  }
  return "\n";
}
function contentEnd(text, node) {
  if ((0, import_yaml.isPair)(node)) return node.value ? contentEnd(text, node.value) : contentEnd(text, node.key);
  if ((0, import_yaml.isCollection)(node) && !node.flow) {
    const last = node.items.at(-1);
    if (last) return contentEnd(text, last);
  }
  const end = node.range[1];
  return isBlockScalar(node) ? text.slice(0, end).trimEnd().length : end;
}
function isBlockScalar(node) {
  return (0, import_yaml.isScalar)(node) && (node.type === import_yaml.Scalar.BLOCK_LITERAL || node.type === import_yaml.Scalar.BLOCK_FOLDED);
}
function startOf(node) {
  return (0, import_yaml.isPair)(node) ? node.key.range[0] : node.range[0];
}
function colonEnd(text, pair) {
  const after = /^[ \t]*:/.exec(text.slice(pair.key.range[1], pair.key.range[1] + 200));
  return after ? pair.key.range[1] + after[0].length : null;
}
function pairOf(map, key) {
  if (!(0, import_yaml.isMap)(map)) return void 0;
  return map.items.find((pair) => (0, import_yaml.isScalar)(pair.key) && pair.key.value === key);
}

// src/config/edit/value.ts
var import_yaml2 = __toESM(require_dist(), 1);
function render(value) {
  if (typeof value === "string") return renderText(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(render).join(", ")}]`;
  const pairs = Object.entries(value).map(([key, item]) => renderPair(key, item));
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}
function renderPair(key, value) {
  return `${renderText(key)}: ${render(value)}`;
}
function renderInPlaceOf(old, value) {
  if (typeof value !== "string") return render(value);
  if (old.type === import_yaml2.Scalar.QUOTE_DOUBLE) return doubleQuoted(value);
  if (old.type === import_yaml2.Scalar.QUOTE_SINGLE && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value)) {
    return `'${value.replaceAll("'", "''")}'`;
  }
  return renderText(value);
}
function renderText(text) {
  return isPlain(text) ? text : doubleQuoted(text);
}
function isPlain(text) {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+-]+)*$/.test(text)) return false;
  const { contents } = (0, import_yaml2.parseDocument)(text);
  return (0, import_yaml2.isScalar)(contents) && contents.value === text;
}
function doubleQuoted(text) {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

// src/config/edit/block.ts
function insertKey(text, map, key, value) {
  const [first, last] = [map.items[0], map.items.at(-1)];
  if (!first || !last) throw refusedAt(text, map.range[0]);
  const line = `${blanksBefore(text, startOf(first))}${renderPair(key, value)}`;
  const end = contentEnd(text, last);
  if (isBlockScalar(last.value) && nextLine(text, end) === text.length && !text.endsWith("\n")) {
    const start = lineStart(text, startOf(last));
    return [insertAt(start, line + lineBreak(text, start))];
  }
  return [insertLines(text, afterBlankLines(last, end), [line])];
}
function removeKey(text, map, pair, parent) {
  blanksBefore(text, startOf(pair));
  const lines = cutLines(text, startOf(pair), contentEnd(text, pair));
  return map.items.length > 1 ? [lines] : [afterColon(text, parent, "{}"), lines];
}
function insertEntries(text, list, entries) {
  const last = list.items.at(-1);
  if (!last) throw refusedAt(text, list.range[0]);
  const dash = dashBefore(text, last.range[0]);
  const end = contentEnd(text, last);
  return [
    insertLines(
      text,
      end,
      entries.map((entry) => dash + render(entry))
    )
  ];
}
function removeEntries(text, list, indexes, parent) {
  const lines = list.items.flatMap((item, i) => {
    if (!indexes.has(i)) return [];
    dashBefore(text, item.range[0]);
    return [cutLines(text, item.range[0], contentEnd(text, item))];
  });
  return lines.length < list.items.length ? lines : [afterColon(text, parent, "[]"), ...lines];
}
function replaceBlock(text, pair, value) {
  const inserted = afterColon(text, pair, value);
  const end = pair.value ? contentEnd(text, pair.value) : inserted.start;
  return [inserted, cut(lineEnd(text, inserted.start), lineEnd(text, end))];
}
function afterColon(text, pair, value) {
  const offset = colonEnd(text, pair);
  return offset === null ? insertAt(pair.key.range[1], `: ${value}`) : insertAt(offset, ` ${value}`);
}
function insertLines(text, end, lines) {
  const next = nextLine(text, end);
  const eol = lineBreak(text, end);
  const isLast = next === text.length && !text.endsWith("\n");
  return insertAt(next, isLast ? eol + lines.join(eol) : lines.join(eol) + eol);
}
function afterBlankLines(pair, end) {
  const value = deepestLast(pair);
  return value !== null && isBlockScalar(value) ? Math.max(end, value.range[1] - 1) : end;
}
function deepestLast(pair) {
  const { value } = pair;
  if (!(0, import_yaml3.isMap)(value) || value.flow) return value;
  const last = value.items.at(-1);
  return last ? deepestLast(last) : value;
}
function cutLines(text, start, end) {
  const from = lineStart(text, start);
  const to = nextLine(text, end);
  if (to < text.length || text.endsWith("\n") || from === 0) return cut(from, to);
  return cut(lineEnd(text, from - 1 - Number(text[from - 2] === "\r")), to);
}
function blanksBefore(text, offset) {
  const prefix = text.slice(lineStart(text, offset), offset);
  if (prefix.trim() !== "") throw refusedAt(text, offset);
  return prefix;
}
function dashBefore(text, offset) {
  const prefix = text.slice(lineStart(text, offset), offset);
  if (!/^[ ]*-[ \t]+$/.test(prefix)) throw refusedAt(text, offset);
  return prefix;
}
function refusedAt(text, offset) {
  const line = text.slice(0, offset).split("\n").length;
  return new RolloutError("edit_refused", `line ${line} is written in a way that cannot be edited safely`, {
    hint: "edit the file by hand"
  });
}

// src/config/edit/flow.ts
function insertIntoFlow(text, flow, items) {
  const last = spans(text, flow).at(-1);
  if (!last) return insertIntoEmpty(text, flow, items);
  const comma = commaAfter(text, last.end);
  const after = comma === null ? last.end : comma + 1;
  if (isAlone(text, last, after)) {
    const indent = text.slice(lineStart(text, last.start), last.start);
    const lines = items.map((item, i) => {
      const separator = comma !== null || i < items.length - 1 ? "," : "";
      return `${lineBreak(text, after)}${indent}${item}${separator}`;
    });
    const line = insertAt(lineEnd(text, after), lines.join(""));
    return comma === null ? [insertAt(last.end, ","), line] : [line];
  }
  const added = items.map((item) => comma === null ? `, ${item}` : ` ${item},`);
  return [insertAt(after, added.join(""))];
}
function removeFromFlow(text, flow, indexes) {
  const all = spans(text, flow);
  const kept = all.findLastIndex((_, i) => !indexes.has(i));
  const inner = text.slice(flow.range[0] + 1, flow.range[1] - 1);
  if (kept < 0 && !/[#\n]/.test(inner)) return [cut(flow.range[0] + 1, flow.range[1] - 1)];
  return [...removeBefore(text, all, indexes, kept), ...removeTail(text, all, kept)];
}
function removeBefore(text, all, indexes, kept) {
  return all.slice(0, Math.max(0, kept)).flatMap((span, i) => {
    const next = all[i + 1];
    if (!indexes.has(i) || !next) return [];
    return isPlainGap(text, span, next) ? [cut(span.start, next.start)] : removeAlone(text, span);
  });
}
function removeTail(text, all, kept) {
  const tail = all.slice(kept + 1);
  const first = all[kept];
  const last = tail.at(-1);
  const oneLine = tail.every((span, i) => {
    const before = all[kept + i];
    return before !== void 0 && isPlainGap(text, before, span);
  });
  if (first && last && oneLine) return [cut(first.end, last.end)];
  return tail.flatMap((span) => removeAlone(text, span));
}
function removeAlone(text, span) {
  const comma = commaAfter(text, span.end);
  const after = comma === null ? span.end : comma + 1;
  if (isAlone(text, span, after)) return [cut(lineStart(text, span.start), nextLine(text, after))];
  const item = cut(span.start, span.end);
  return comma === null ? [item] : [item, cut(comma, comma + 1)];
}
function insertIntoEmpty(text, flow, items) {
  const open2 = flow.range[0] + 1;
  const close = flow.range[1] - 1;
  const joined = items.join(", ");
  const isMap4 = text[flow.range[0]] === "{";
  if (text.slice(open2, close).trim() !== "") return [insertAt(open2, isMap4 ? ` ${joined}` : joined)];
  return [{ start: open2, end: close, text: isMap4 ? ` ${joined} ` : joined }];
}
function spans(text, flow) {
  return flow.items.map((item) => {
    const node = item;
    return { start: startOf(node), end: contentEnd(text, node) };
  });
}
function isAlone(text, span, after) {
  const before = text.slice(lineStart(text, span.start), span.start);
  return before.trim() === "" && /^[ \t]*(#.*)?\r?\n/.test(text.slice(after, nextLine(text, after)));
}
function isPlainGap(text, span, next) {
  return /^[ \t]*,[ \t]*$/.test(text.slice(span.end, next.start));
}
function commaAfter(text, end) {
  const rest = /(?:\s|#.*)*/y;
  rest.lastIndex = end;
  rest.exec(text);
  const offset = Math.max(end, rest.lastIndex);
  return text[offset] === "," ? offset : null;
}

// src/config/edit/apply.ts
function writeValue(text, root, path, value) {
  const [key = "", ...rest] = path;
  const pair = pairOf(root, key);
  if (!(0, import_yaml4.isMap)(root)) throw notAMap(key);
  if (!pair) return addPair(text, root, key, nest(rest, value));
  if (rest.length > 0 && !isEmpty(pair)) return writeValue(text, pair.value, rest, value);
  return replaceValue(text, pair, nest(rest, value));
}
function removePath(text, parent, path) {
  const [key = "", ...rest] = path;
  const map = parent.value;
  const pair = pairOf(map, key);
  if (!pair || !(0, import_yaml4.isMap)(map)) return [];
  if (rest.length > 0) return removePath(text, pair, rest);
  if (!map.flow) return removeKey(text, map, pair, parent);
  return removeFromFlow(text, map, /* @__PURE__ */ new Set([map.items.indexOf(pair)]));
}
function removeFromList(text, pair, out) {
  const list = pair.value;
  return list.flow ? removeFromFlow(text, list, out) : removeEntries(text, list, out, pair);
}
function addToList(text, pair, added) {
  const list = pair.value;
  return list.flow ? insertIntoFlow(text, list, added.map(render)) : insertEntries(text, list, added);
}
function addPair(text, map, key, value) {
  return map.flow ? insertIntoFlow(text, map, [renderPair(key, value)]) : insertKey(text, map, key, value);
}
function replaceValue(text, pair, value) {
  const old = pair.value;
  if (old === null || isEmpty(pair, "")) return [afterColon(text, pair, render(value))];
  if (((0, import_yaml4.isMap)(old) || (0, import_yaml4.isSeq)(old)) && !old.flow) return replaceBlock(text, pair, render(value));
  const rendered = (0, import_yaml4.isScalar)(old) ? renderInPlaceOf(old, value) : render(value);
  return [{ start: old.range[0], end: contentEnd(text, old), text: rendered }];
}
function isEmpty(pair, source) {
  const { value } = pair;
  if (value === null) return true;
  if (!(0, import_yaml4.isScalar)(value) || value.value !== null) return false;
  return source === void 0 || value.source === source;
}
function nest(path, value) {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value);
}
function notAMap(key) {
  return new RolloutError("edit_refused", `${key} cannot be written: what should hold it is not a map`, {
    hint: "edit the file by hand"
  });
}

// src/config/edit/data.ts
import { isDeepStrictEqual } from "node:util";
function setIn(data, path, value) {
  const [key = "", ...rest] = path;
  const copy = Object.assign(/* @__PURE__ */ Object.create(null), data);
  if (rest.length > 0) copy[key] = setIn(copy[key] ?? null, rest, value);
  else if (value === void 0) delete copy[key];
  else copy[key] = value;
  return copy;
}
function valueIn(data, path) {
  let value = data;
  for (const key of path) value = isPlainMap(value) ? value[key] : void 0;
  return value;
}
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return value;
  const entries = Object.entries(value);
  return Object.assign(/* @__PURE__ */ Object.create(null), Object.fromEntries(entries.map(([k, v]) => [k, plain(v)])));
}
function missingEntries(list, entries) {
  const seen = new Set(list.map((entry) => typeof entry === "string" ? entryKey(entry) : null));
  return entries.filter((entry) => {
    const isNew = !seen.has(entryKey(entry));
    seen.add(entryKey(entry));
    return isNew;
  });
}
function indexesOf(list, entries) {
  const meant = new Set(entries.map(entryKey));
  return indexesWhere(list, (entry) => typeof entry === "string" && meant.has(entryKey(entry)));
}
function indexesToDrop(list, wanted) {
  const rest = new Set(wanted);
  return indexesWhere(list, (entry) => !rest.delete(entry));
}
function isTextList(value) {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
function isSame(a, b) {
  return isDeepStrictEqual(a, b);
}
function indexesWhere(list, test) {
  return new Set([...list.keys()].filter((i) => test(list[i] ?? null)));
}

// src/config/edit/owner.ts
function ownerOf(text, feature) {
  const { included } = partsOfText(text);
  const mayHave = (content) => content.includes(feature) || content.includes("\\");
  const owner = included.find(({ content }) => mayHave(content) && hasFeature(content, feature));
  return owner?.path ?? null;
}
function hasFeature(content, feature) {
  const { root, errors } = readYaml(content);
  const data = errors.length > 0 ? null : toData(root, { add: () => {
  } });
  return isPlainMap(data) && isPlainMap(data.features) && Object.hasOwn(data.features, feature);
}
function inFile(text, path, edit) {
  const { main, included } = partsOfText(text);
  const own = path === null ? main : included.find((part) => part.path === path)?.content;
  return own === void 0 ? text : withPart(text, path, edit(own));
}

// src/config/edit/proof.ts
function prove(state, splices, intended) {
  const next = open(applySplices(state.text, splices), state.feature);
  if (next.mistakes !== state.mistakes || !isSame(next.data, intended)) {
    throw refused("the edited text would not say what was meant");
  }
  return next;
}
function open(text, feature) {
  const read = readText(text);
  if (!read.ok) throw refused(read.message);
  const yaml = readYaml(text);
  const error = yaml.errors[0];
  if (error) throw refused(`line ${yaml.place(error.offset).line}: ${error.message}`);
  if (yaml.root === null) throw refused("the file is empty");
  const findings = [];
  const data = toData(yaml.root, { add: (finding) => findings.push(finding) });
  const own = findings.find(({ path, wholeFile }) => wholeFile || [null, feature].includes(featureOf(path)));
  if (own) throw refused(`line ${yaml.place(Number(own.at)).line}: ${own.message}`);
  return { text, root: yaml.root, data, feature, mistakes: findings.length };
}
function refused(message) {
  return new RolloutError("edit_refused", `the file was left as it is: ${message}`, {
    hint: "edit it by hand"
  });
}

// src/config/edit/edit.ts
var FEATURES_SHOWN = 20;
function editFeature(text, feature, edits) {
  return inFile(text, ownerOf(text, feature), (own) => editOwn(own, feature, edits));
}
function editOwn(text, feature, edits) {
  const opened = open(text, feature);
  requireFeature(opened.data, feature);
  const edited = edits.reduce((state, edit) => editOne(state, ["features", feature], edit), opened);
  if (edited.text === text) return text;
  const stale = OF_ONE_CHANGE.filter((key) => !edits.some((edit) => writes(edit, key)));
  return stale.reduce((state, key) => removeKey2(state, ["features", feature, key]), edited).text;
}
var OF_ONE_CHANGE = ["resumes", "skip_steps"];
function writes(edit, key) {
  return edit.kind === "set" && edit.path[0] === key;
}
function editOne(state, base, edit) {
  switch (edit.kind) {
    case "set":
      return setValue(state, [...base, ...edit.path], edit.value);
    case "remove":
      return removeKey2(state, [...base, ...edit.path]);
    default:
      return editList(state, base, edit);
  }
}
function setValue(state, path, value) {
  const { text, root, data } = state;
  const old = valueIn(data, path);
  if (isSame(old, plain(value))) return state;
  if (isTextList(old) && isTextList(value)) return setList(state, path, old, value);
  return prove(state, writeValue(text, root, path, value), setIn(data, path, plain(value)));
}
function setList(state, path, old, value) {
  const added = without([...new Set(value)], old);
  return dropEntries(addEntries(state, path, old, added), path, (list) => indexesToDrop(list, value));
}
function removeKey2(state, path) {
  const [top = "", ...rest] = path;
  const parent = pairOf(state.root, top);
  if (!parent || valueIn(state.data, path) === void 0) return state;
  return prove(state, removePath(state.text, parent, rest), setIn(state.data, path, void 0));
}
function editList(state, base, edit) {
  const path = [...base, edit.list];
  const old = valueIn(state.data, path) ?? [];
  if (!Array.isArray(old)) throw refused(`${edit.list} is not a list`);
  if (edit.kind === "remove_entries")
    return dropEntries(state, path, (list) => indexesOf(list, edit.entries));
  const added = missingEntries(old, edit.entries);
  return old.length > 0 || added.length === 0 ? addEntries(state, path, old, added) : setValue(state, path, added);
}
function addEntries(state, path, old, added) {
  if (added.length === 0) return state;
  const splices = addToList(state.text, pairAt(state.root, path), added);
  return prove(state, splices, setIn(state.data, path, [...old, ...added]));
}
function dropEntries(state, path, which) {
  const list = valueIn(state.data, path);
  const out = Array.isArray(list) ? which(list) : /* @__PURE__ */ new Set();
  if (!Array.isArray(list) || out.size === 0) return state;
  const splices = removeFromList(state.text, pairAt(state.root, path), out);
  return prove(
    state,
    splices,
    setIn(
      state.data,
      path,
      list.filter((_, i) => !out.has(i))
    )
  );
}
function requireFeature(data, feature) {
  const features = isPlainMap(data) ? data.features : void 0;
  const keys = isPlainMap(features) ? Object.keys(features) : [];
  if (keys.includes(feature)) return;
  const meant = nearest(feature, keys);
  const shown = keys.slice(0, FEATURES_SHOWN).map(keyText).join(", ") + (keys.length > FEATURES_SHOWN ? ", \u2026" : "");
  const there = keys.length === 0 ? "the file has no features" : `features in the file: ${shown}`;
  throw new RolloutError("unknown_feature", `there is no feature ${keyText(feature)} in the file`, {
    hint: meant === null ? there : `did you mean ${meant}? ${there}`
  });
}
function pairAt(root, path) {
  let node = root;
  let pair;
  for (const key of path) {
    pair = pairOf(node, key);
    node = pair?.value;
  }
  if (!pair) throw refused(`${path.at(-1)} is not in the file`);
  return pair;
}

export {
  writeValue,
  setIn,
  valueIn,
  plain,
  isSame,
  ownerOf,
  inFile,
  prove,
  open,
  refused,
  editFeature
};
