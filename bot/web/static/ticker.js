"use strict";
// Ticks for a page in the background, whose own timers a browser slows down to one a minute.
setInterval(() => postMessage(null), Number(new URL(location.href).searchParams.get("every")));
