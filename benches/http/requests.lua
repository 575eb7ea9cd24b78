-- The requests for wrk: hundreds of topics with signed queries, one after another.
--
-- BODIES              a file of bodies, one a line; without it some are made here
-- SIGN, REQUEST_TIME  the signature, which is valid for a minute
-- REFUSED             how many of a hundred names are refused by the rules (0)

local BODIES = 500

local names = {
  "Weekly raid planning %d", "MyFirstTopic %d", "patch notes %d", "Looking for group (EU) #%d", "Café talk %d",
  "新手提问 %d 楼", "每周活动：第 %d 期", "公会战讨论区 %d", "截图分享　%d", "Ｆａｎ ａｒｔ %d", "Screenshots & clips 🎮 %d",
  "日常闲聊 daily chat %d", "Bug reports, build %d", "trading post %d", "音乐推荐 %d", "Photo contest %d: vote here",
}
local refused = { "加微信 vx: coin_%d", "WeChat：abc_%d" }
local platforms = { "Android", "iOS", "Web", "Windows", "Mac", "RESTAPI" }

local sign, time = os.getenv("SIGN"), os.getenv("REQUEST_TIME")
local share = tonumber(os.getenv("REFUSED") or "0")
local requests, next_one = {}, 0

local function query(number)
  return string.format(
    "/?SdkAppid=1400000000&CallbackCommand=Group.CallbackBeforeCreateTopic&contenttype=json"
      .. "&ClientIP=198.51.100.%d&OptPlatform=%s&Sign=%s&RequestTime=%s",
    number % 256, platforms[number % #platforms + 1], sign, time
  )
end

local function body(number)
  local from = number * 37 % 100 < share and refused or names
  local name = string.format(from[number % #from + 1], 10000 + number)
  return string.format(
    '{"CallbackCommand":"Group.CallbackBeforeCreateTopic","Operator_Account":"user_%05d","Type":"Community","Name":"%s"}',
    number * 7919 % 100000, name
  )
end

-- The bodies of the file, or those that are made here.
local function bodies()
  local found, path = {}, os.getenv("BODIES") or ""
  if path == "" then
    for number = 1, BODIES do found[number] = body(number) end
  else
    for line in io.lines(path) do found[#found + 1] = line end
  end
  return found
end

function init()
  for number, text in ipairs(bodies()) do
    requests[number] = wrk.format("POST", query(number), nil, text)
  end
end

function request()
  next_one = next_one % #requests + 1
  return requests[next_one]
end

function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format("\nanswered %d failed %d microseconds %d\n", summary.requests, failed, summary.duration))
end
