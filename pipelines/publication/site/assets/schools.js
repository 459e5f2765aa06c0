/* The list of schools: sorts, filters, keeps a list of one's own, and draws its rows a slice at a time, so that 24,000 stay
   usable. The state stands in the address after `#`, so that a view can be kept and passed on. No data leaves the page. */
(function () {
  "use strict";
  var data = window.raygSchools;
  var SLICE = data.slice;
  var table = document.getElementById("schools");
  var head = table.tHead, body = table.tBodies[0];
  var form = document.getElementById("filters");
  var text = document.getElementById("text");
  var count = document.getElementById("count");
  var more = document.getElementById("more");
  var tabs = document.querySelector(".tabs");
  var chips = document.querySelectorAll("[data-colour]");
  var at = {};
  data.columns.forEach(function (column, position) { at[column.key] = position; });
  var columns = data.columns.filter(function (column) { return column.isDrawn; });
  var lowered = data.rows.map(function (row) {
    return [row[at.name], row[at.urn], row[at.trust]].join(" ").toLowerCase();
  });
  var selects = {}, colour = "", tab = "", mine = [], box = null;
  var FIRST = { key: "", descending: false };  // rows come in the order in which to look
  var sort = FIRST;
  var shown = [], drawn = 0;
  var pictured = {};  // in which picture a school stands

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
      if (values.length < 2) { return; }
      var place = places(key);
      values.sort(place ? function (a, b) { return place(a) - place(b); } : function (a, b) { return a.localeCompare(b); });
      var holder = element("div");
      var label = element("label", { htmlFor: "f-" + key, textContent: data.columns[at[key]].title });
      var select = element("select", { id: "f-" + key });
      select.append(element("option", { value: "", textContent: "All" }));
      values.forEach(function (value) { select.append(element("option", { value: value, textContent: value })); });
      select.addEventListener("change", update);
      holder.append(label, select);
      form.append(holder);
      selects[key] = select;
    });
    var clear = element("button", { type: "button", textContent: "Clear filters", className: "clear" });
    clear.addEventListener("click", function () {
      text.value = ""; colour = ""; box = null;
      Object.keys(selects).forEach(function (key) { selects[key].value = ""; });
      update();
      text.focus();
    });
    form.append(clear);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    text.addEventListener("input", update);
    form.hidden = tabs.hidden = false;
  }

  function addHead() {
    Array.prototype.forEach.call(head.rows[0].cells, function (cell) {
      var button = element("button", { type: "button", textContent: cell.textContent });
      button.addEventListener("click", function () {
        sort = { key: cell.dataset.key, descending: sort.key === cell.dataset.key && !sort.descending };
        update();
      });
      cell.replaceChildren(button);
    });
    head.rows[0].append(element("th", { scope: "col", textContent: "My list" }));
  }

  function isInTab(row) {
    if (tab === "mine") { return mine.indexOf(row[at.urn]) >= 0; }
    return row[at.is_apart] === (tab === "apart" ? 1 : 0);
  }

  function isInBox(row) {
    if (!box) { return true; }
    var fsm = row[at.fsm], result = row[at.result];
    return fsm !== null && result !== null && pictured[row[at.urn]] === box.measure &&
      fsm >= box.left && fsm <= box.right && result >= box.low && result <= box.high;
  }

  function matching() {
    var words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    var asked = Object.keys(selects).filter(function (key) { return selects[key].value; });
    return data.rows.filter(function (row, number) {
      return isInTab(row) && (!colour || row[at.colour] === colour) &&
        asked.every(function (key) { return row[at[key]] === selects[key].value; }) &&
        words.every(function (word) { return lowered[number].indexOf(word) >= 0; }) && isInBox(row);
    });
  }

  function sorted(rows) {
    if (!sort.key) { return rows; }
    var key = sort.key === "why" ? "result" : sort.key;
    var position = at[key], place = places(key), turn = sort.descending ? -1 : 1;
    function value(row) { return place ? place(row[position]) : row[position]; }
    return rows.slice().sort(function (a, b) {
      var left = value(a), right = value(b);
      if (left === "" || left === null) { return right === "" || right === null ? 0 : 1; }
      if (right === "" || right === null) { return -1; }
      return turn * (typeof left === "number" ? left - right : left < right ? -1 : left > right ? 1 : 0);
    });
  }

  function chip(word) {
    return element("span", { className: "chip chip-" + word.replace(/ /g, "_"), textContent: word });
  }

  function cellOf(row, column) {
    var value = row[at[column.key]], cell = element(column.key === "name" ? "th" : "td");
    if (column.key === "name") {
      cell.scope = "row";
      cell.append(element("a", { href: "schools/" + row[at.urn] + ".html", textContent: value }));
      cell.append(element("span", { className: "number", textContent: row[at.urn] }));
      return cell;
    }
    cell.dataset.title = column.title;
    if (column.key === "colour") {
      cell.append(chip(value));
      if (row[at.is_red_asked]) { cell.append(" ", element("span", { className: "asked", textContent: "consider red" })); }
    } else if (column.key === "why") {
      cell.append(value || "–");
      if (row[at.matter]) { cell.append(" ", element("span", { className: "number", textContent: row[at.matter] })); }
    } else if (value === null || value === "") {
      cell.textContent = "–";
    } else if (column.key === "fsm") {
      cell.textContent = value.toFixed(0) + "%";
    } else if (column.key === "years") {
      cell.textContent = value.toFixed(1);
    } else {
      cell.textContent = value;
    }
    return cell;
  }

  function line(row) {
    var made = element("tr");
    columns.forEach(function (column) { made.append(cellOf(row, column)); });
    var cell = element("td"), urn = row[at.urn], isMine = mine.indexOf(urn) >= 0;
    cell.dataset.title = "My list";
    var button = element("button", { type: "button", textContent: isMine ? "Remove" : "Add" });
    button.append(element("span", { className: "hidden", textContent: " " + row[at.name] }));
    button.addEventListener("click", function () {
      var place = mine.indexOf(urn);
      if (place < 0) { mine.push(urn); } else { mine.splice(place, 1); }
      update();
      var again = document.querySelector('[data-mine="' + urn + '"]');
      (again || text).focus();
    });
    button.dataset.mine = urn;
    cell.append(button);
    made.append(cell);
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

  function mark() {
    Array.prototype.forEach.call(head.rows[0].cells, function (cell) {
      if (cell.dataset.key && cell.dataset.key === sort.key) {
        cell.setAttribute("aria-sort", sort.descending ? "descending" : "ascending");
      } else {
        cell.removeAttribute("aria-sort");
      }
    });
    tabs.querySelectorAll("a").forEach(function (link) {
      if (link.dataset.tab === tab) { link.setAttribute("aria-current", "true"); } else { link.removeAttribute("aria-current"); }
    });
    chips.forEach(function (link) {
      if (link.dataset.colour === colour) { link.setAttribute("aria-current", "true"); } else { link.removeAttribute("aria-current"); }
    });
    document.getElementById("mine").textContent = mine.length;
  }

  function light() {
    var isFiltered = shown.length < data.rows.length;
    var lit = new Set(shown.map(function (row) { return row[at.urn]; }));
    document.querySelectorAll(".spot").forEach(function (spot) {
      spot.classList.toggle("dim", isFiltered && !lit.has(spot.dataset.urn));
    });
  }

  function update() {
    shown = sorted(matching());
    drawn = 0;
    body.textContent = "";
    draw(SLICE);
    mark();
    light();
    keep();
  }

  function keep() {
    var state = new URLSearchParams();
    if (tab) { state.set("tab", tab); }
    if (colour) { state.set("colour", colour); }
    Object.keys(selects).forEach(function (key) { if (selects[key].value) { state.set(key, selects[key].value); } });
    if (text.value) { state.set("text", text.value); }
    if (box) { state.set("box", [box.measure, box.left, box.right, box.low, box.high].join(",")); }
    if (mine.length) { state.set("list", mine.join(",")); }
    if (sort.key) { state.set("sort", (sort.descending ? "-" : "") + sort.key); }
    var written = state.toString();
    history.replaceState(null, "", written ? "#" + written : location.pathname);
  }

  function restore(isFirst) {
    var state = new URLSearchParams(location.hash.slice(1));
    // the search box of every page asks in the query, since a form cannot write what stands after `#`
    text.value = state.get("text") || (isFirst && new URLSearchParams(location.search).get("text")) || "";
    tab = state.get("tab") || "";
    colour = state.get("colour") || "";
    if (isFirst || state.get("list")) { mine = (state.get("list") || "").split(",").filter(Boolean); }
    var parts = (state.get("box") || "").split(",");
    box = parts.length === 5 ? { measure: parts[0], left: +parts[1], right: +parts[2], low: +parts[3], high: +parts[4] } : null;
    Object.keys(selects).forEach(function (key) { selects[key].value = state.get(key) || ""; });
    var by = state.get("sort") || "";
    var key = by.replace(/^-/, "");
    sort = key in at ? { key: key, descending: by.charAt(0) === "-" } : FIRST;
  }

  // The pictures: a mark opens its school, a box drawn over marks lists theirs.
  document.querySelectorAll(".scatter").forEach(function (svg) {
    var from = null, frame = null;
    function point(event) {
      var box = svg.getBoundingClientRect();
      var drawn = svg.viewBox.baseVal;
      return { x: (event.clientX - box.left) * drawn.width / box.width, y: (event.clientY - box.top) * drawn.height / box.height };
    }
    function values(one, other) {
      var across = +svg.dataset.across, up = +svg.dataset.up;  // the axes meet at 40, 310
      return {
        measure: svg.dataset.measure,
        left: Math.round((Math.min(one.x, other.x) - 40) / across), right: Math.round((Math.max(one.x, other.x) - 40) / across),
        low: Math.round((310 - Math.max(one.y, other.y)) / up), high: Math.round((310 - Math.min(one.y, other.y)) / up)
      };
    }
    svg.addEventListener("pointerdown", function (event) {
      from = point(event);
      frame = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      frame.setAttribute("class", "frame");
      svg.append(frame);
    });
    svg.addEventListener("pointermove", function (event) {
      if (!from) { return; }
      var to = point(event);
      frame.setAttribute("x", Math.min(from.x, to.x)); frame.setAttribute("y", Math.min(from.y, to.y));
      frame.setAttribute("width", Math.abs(from.x - to.x)); frame.setAttribute("height", Math.abs(from.y - to.y));
    });
    window.addEventListener("pointerup", function (event) {
      if (!from) { return; }
      var to = point(event), start = from, target = event.target;
      from = null;
      frame.remove();
      if (Math.abs(start.x - to.x) + Math.abs(start.y - to.y) > 8) {
        box = values(start, to);
        update();
      } else if (target.classList && target.classList.contains("spot")) {
        location.href = "schools/" + target.dataset.urn + ".html";
      }
    });
  });
  var named = {};
  data.rows.forEach(function (row) { named[row[at.urn]] = row; });
  document.querySelectorAll(".spot").forEach(function (spot) {
    var row = named[spot.dataset.urn];
    pictured[spot.dataset.urn] = spot.parentNode.dataset.measure;
    var title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = row[at.name] + ": " + row[at.why];
    spot.append(title);
  });

  more.addEventListener("click", function () {
    var first = drawn;
    draw(drawn + SLICE);
    body.rows[first].querySelector("a").focus();
  });
  window.addEventListener("hashchange", function () { restore(false); update(); });
  window.addEventListener("beforeprint", function () { draw(shown.length); });
  addFilters();
  addHead();
  restore(true);
  if (text.value && !tab && !matching().length) { tab = "apart"; }  // a school that is looked for is shown wherever it stands
  update();
  window.raygReady = Promise.resolve();
})();
