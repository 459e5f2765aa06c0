/* The table of schools: sorts, filters, and draws its rows a slice at a time, so that 24,000 stay usable. The state stands
   in the address after `#`, so that a view can be kept and passed on. No data leaves the page. */
(function () {
  "use strict";
  var data = window.raygScreen;
  var SLICE = 100;
  var table = document.getElementById("screen");
  var head = table.tHead, body = table.tBodies[0];
  var form = document.getElementById("filters");
  var text = document.getElementById("text");
  var count = document.getElementById("count");
  var more = document.getElementById("more");
  var at = {};
  data.columns.forEach(function (column, position) { at[column.key] = position; });
  // a column in which no school has anything is left out, and the number stands under the name
  var columns = data.columns.filter(function (column) {
    return column.key !== "urn" && column.key !== "trust_id" && data.rows.some(function (row) { return row[at[column.key]] !== ""; });
  });
  var lowered = data.rows.map(function (row) {
    var reasons = row[at.reasons].map(function (one) { return data.reasons[one]; });
    return [row[at.name], row[at.urn], row[at.trust], reasons.join(" ")].join(" ").toLowerCase();
  });
  var selects = {};
  var FIRST = { key: "band", descending: false };  // rows come in the order of rank, and sorting keeps it
  var sort = FIRST;
  var shown = [], drawn = 0;

  function element(name, properties) {
    return Object.assign(document.createElement(name), properties || {});
  }

  function places(key) {
    // a column of known words sorts by their order, the worst first
    var order = data.orders[key];
    return order && function (value) {
      var place = order.indexOf(value);
      return place < 0 ? order.length : place;
    };
  }

  function addFilters() {
    data.filters.forEach(function (key) {
      var values = Array.from(new Set(data.rows.map(function (row) { return row[at[key]]; }))).filter(Boolean);
      if (!values.length) { return; }
      var place = places(key);
      values.sort(place ? function (a, b) { return place(a) - place(b); } : function (a, b) { return a.localeCompare(b); });
      var box = element("div");
      var label = element("label", { htmlFor: "f-" + key, textContent: data.columns[at[key]].title });
      var select = element("select", { id: "f-" + key });
      select.append(element("option", { value: "", textContent: "All" }));
      values.forEach(function (value) { select.append(element("option", { value: value, textContent: value })); });
      select.addEventListener("change", update);
      box.append(label, select);
      form.append(box);
      selects[key] = select;
    });
    var clear = element("button", { type: "button", textContent: "Clear filters", className: "clear" });
    clear.addEventListener("click", function () {
      text.value = "";
      Object.keys(selects).forEach(function (key) { selects[key].value = ""; });
      update();
      text.focus();
    });
    form.append(clear);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    text.addEventListener("input", update);
  }

  function addHead() {
    var line = element("tr");
    columns.forEach(function (column) {
      var cell = element("th", { scope: "col" });
      cell.dataset.key = column.key;
      if (column.key === "reasons") {
        cell.textContent = column.title;
      } else {
        var button = element("button", { type: "button", textContent: column.title });
        button.addEventListener("click", function () {
          sort = { key: column.key, descending: sort.key === column.key && !sort.descending };
          update();
        });
        cell.append(button);
      }
      line.append(cell);
    });
    head.append(line);
  }

  function matching() {
    var words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    var asked = Object.keys(selects).filter(function (key) { return selects[key].value; });
    var found = [];
    data.rows.forEach(function (row, number) {
      if (asked.every(function (key) { return row[at[key]] === selects[key].value; }) &&
          words.every(function (word) { return lowered[number].indexOf(word) >= 0; })) {
        found.push(row);
      }
    });
    return found;
  }

  function sorted(rows) {
    var position = at[sort.key], place = places(sort.key), turn = sort.descending ? -1 : 1;
    function key(row) { return place ? place(row[position]) : row[position]; }
    return rows.slice().sort(function (a, b) {
      var left = key(a), right = key(b);
      if (left === "" || left === null) { return right === "" || right === null ? 0 : 1; }
      if (right === "" || right === null) { return -1; }
      return turn * (typeof left === "number" ? left - right : left < right ? -1 : left > right ? 1 : 0);
    });
  }

  function chip(word) {
    return word ? element("span", { className: "chip chip-" + word.replace(/ /g, "_"), textContent: word }) : "–";
  }

  function line(row) {
    var made = element("tr");
    columns.forEach(function (column) {
      var value = row[at[column.key]], cell = element(column.key === "name" ? "th" : "td");
      if (column.key === "name") {
        cell.scope = "row";
        cell.append(element("a", { href: "schools/" + row[at.urn] + ".html", textContent: value }));
        cell.append(element("span", { className: "number", textContent: row[at.urn] }));
      } else if (column.key === "rating" || column.key === "early_years" || column.key === "post_16") {
        cell.append(chip(value));
      } else if (column.key === "trust" && row[at.trust_id]) {
        cell.append(element("a", { href: "trusts/" + row[at.trust_id] + ".html", textContent: value }));
      } else if (column.key === "reasons") {
        cell.className = "why";
        cell.textContent = value.map(function (one) { return data.reasons[one]; }).join("; ") || "–";
      } else {
        cell.textContent = value === null || value === "" ? "–" : value;
        if (column.key === "rank") { cell.className = "n"; }
      }
      made.append(cell);
    });
    return made;
  }

  function draw(upTo) {
    var slice = document.createDocumentFragment();
    shown.slice(drawn, upTo).forEach(function (row) { slice.append(line(row)); });
    body.append(slice);
    drawn = Math.min(upTo, shown.length);
    more.hidden = drawn >= shown.length;
    more.textContent = "Show " + Math.min(SLICE, shown.length - drawn) + " more schools";
    count.textContent = shown.length + " of " + data.rows.length + " schools" +
      (drawn < shown.length ? "; the first " + drawn + " are listed" : "") + ".";
  }

  function update() {
    shown = sorted(matching());
    drawn = 0;
    body.textContent = "";
    draw(SLICE);
    Array.prototype.forEach.call(head.rows[0].cells, function (cell) {
      if (cell.dataset.key === sort.key) {
        cell.setAttribute("aria-sort", sort.descending ? "descending" : "ascending");
      } else {
        cell.removeAttribute("aria-sort");
      }
    });
    keep();
  }

  function keep() {
    var state = new URLSearchParams();
    Object.keys(selects).forEach(function (key) { if (selects[key].value) { state.set(key, selects[key].value); } });
    if (text.value) { state.set("text", text.value); }
    if (sort.key !== FIRST.key || sort.descending) { state.set("sort", (sort.descending ? "-" : "") + sort.key); }
    var written = state.toString();
    history.replaceState(null, "", written ? "#" + written : location.pathname);
  }

  function restore() {
    var state = new URLSearchParams(location.hash.slice(1));
    text.value = state.get("text") || "";
    Object.keys(selects).forEach(function (key) { selects[key].value = state.get(key) || ""; });
    var by = state.get("sort") || "";
    var key = by.replace(/^-/, "");
    sort = key in at && key !== "reasons" ? { key: key, descending: by.charAt(0) === "-" } : FIRST;
  }

  more.addEventListener("click", function () {
    var first = drawn;
    draw(drawn + SLICE);
    body.rows[first].querySelector("a").focus();
  });
  window.addEventListener("hashchange", function () { restore(); update(); });
  window.addEventListener("beforeprint", function () { draw(shown.length); });
  addFilters();
  addHead();
  restore();
  update();
  window.raygReady = Promise.resolve();
})();
