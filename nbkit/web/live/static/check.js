// Stands first in the page and is written for old browsers too: says what this one lacks, before anything large is asked for.
// `window.nbkitLive.allowed` lets JupyterLab be loaded.
(function () {
  var facts = JSON.parse(document.getElementById("nbkit-live-facts").textContent);
  var words = facts.words;
  var go;
  var never = { then: function () {} };
  var live = window.nbkitLive = { facts: facts, saves: true, allowed: never };
  var able = typeof WebAssembly === "object" && typeof BigInt64Array === "function" && typeof Promise === "function" &&
    "noModule" in HTMLScriptElement.prototype;
  if (!able) return whenParsed(function () { tell(words.old); });
  live.allowed = new Promise(function (resolve) { go = resolve; });
  store(function (saves) {
    if (saves) return go();
    whenParsed(function () {
      tell(words.unsaved);
      var on = document.createElement("button");
      on.id = "nbkit-live-unsaved";
      on.textContent = words.go_on;
      on.onclick = function () {
        on.disabled = true;
        live.saves = false;
        keepInMemory();
        go();
      };
      cover().appendChild(on);
    });
  });

  function store(done) {
    try {
      var request = indexedDB.open("nbkit-live-check");
      request.onerror = function (event) { event.preventDefault(); done(false); };
      request.onsuccess = function () {
        request.result.close();
        indexedDB.deleteDatabase("nbkit-live-check");
        done(true);
      };
    } catch (error) {
      done(false);
    }
  }

  // JupyterLite's settings come into the page as text; they say there where notebooks are kept.
  function keepInMemory() {
    var place = document.getElementById("jupyter-config-data");
    new MutationObserver(function () {
      var config = JSON.parse(place.textContent);
      if (config.enableMemoryStorage || !config.baseUrl) return;
      config.enableMemoryStorage = true;
      config.contentsStorageDrivers = config.settingsStorageDrivers = ["memoryStorageDriver"];
      place.textContent = JSON.stringify(config);
    }).observe(place, { childList: true });
  }

  function cover() { return document.getElementById("nbkit-live-cover"); }

  function tell(sentence) {
    var text = document.getElementById("nbkit-live-cover-words");
    text.textContent = sentence;
    text.setAttribute("role", "alert");
    cover().setAttribute("data-state", "told");
  }

  function whenParsed(then) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", then);
    else then();
  }
})();
