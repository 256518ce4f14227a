#pragma once

#include <string_view>

/// The words that urgency_cues.cpp knows, as cleaned texts have them, and what its levels are worth.
namespace aftersense {

// Chosen by how often each stands in a text of level P1 (of money and repeated contact: P1 or P2) among the written messages that may
// train. Slang keeps some plain words out: 炸了, 爆炸 and 有毒 are praise for food more often than not.
inline constexpr std::string_view kSafety[] = {
    // Chinese
    "一氧化碳中毒", "上吐下泻", "中毒", "人命", "住院", "便血", "冒了一股烟", "冒火", "冒烟", "冒煙", "出血", "刀片", "划伤", "划破",
    "制氧机", "刹不住", "刹车失灵", "割伤", "医疗费", "医药费", "卡住喉咙", "卡在孩子嗓子", "危险", "危險", "去医院", "发烫", "受伤",
    "受傷", "召回", "吐血", "呕吐", "呼吸机", "哮喘", "喉咙肿", "喷火", "在医院", "失火", "安全隐患", "害死人", "差点翻车", "干燥剂",
    "心慌", "急診", "急诊", "抢救", "拉血", "挂水", "摔伤", "救护车", "断药", "断针", "昏过去", "昏迷", "晕倒", "有毒吗", "洗胃", "流血",
    "漏气", "漏电", "漏電", "火星", "火灾", "火花", "火苗", "灼伤", "炸开", "炸飞", "烧伤", "烧焦", "烧穿", "烫伤", "烫红", "焦味",
    "煤气味", "燃气", "燙傷", "爆炸了", "爆裂", "玻璃渣", "电击", "电哭", "电池吞了", "电池鼓", "皮疹", "眼睛肿", "着火", "短路", "砸中",
    "砸伤", "碎玻璃", "磕断", "窒息", "糊味", "红肿", "纽扣电池", "缝了七针", "缝了三针", "缝了四针", "缝针", "肿得", "肿成", "胰岛素",
    "脑出血", "脸肿", "自燃", "自爆", "致癌", "著火", "被电了", "要爆炸", "触电", "觸電", "误吞", "误服", "误食", "起火", "起疹子", "超标",
    "跳闸", "进医院", "追尾", "送医", "送醫", "骨折", "骨裂", "麻手", "鼓包", "鼓起来",
    // English
    "a&e", "allergic reaction", "ambulance", "battery is swelling", "battery leaking", "bleeding", "blew up", "blister", "blistered",
    "blisters", "broken wrist", "bulging", "burned my", "burning smell", "burnt my", "burnt plastic", "carbon monoxide", "catch fire",
    "catching fire", "caught fire", "chemical burn", "choked on", "choking", "co alarm", "concussion", "dangerous", "degree burn",
    "degree burns", "electric shock", "electrocuted", "emergency doctor", "emergency room", "emergency vet", "epi-pen", "exploded",
    "exploding", "explosion", "fainted", "fire brigade", "fire department", "fire dept", "fire hazard", "flames", "food poisoning",
    "fracture", "fractured", "full of smoke", "gas leak", "gave way", "got a shock", "got so hot", "heart medication", "hissing", "hives",
    "hot enough to burn", "hurt myself", "in flames", "in her mouth", "in his mouth", "in surgery", "injured", "injuries", "injury",
    "insulin", "is it safe", "is there a recall", "leaking gas", "maggots", "melted", "not safe", "off the market", "on fire", "overheated",
    "overheating", "oxygen concentrator", "pacemaker", "paramedics", "piece of glass", "poison control", "poisoned", "poisonous",
    "product safety", "rash", "safety hazard", "safety officer", "safety regulator", "scalded", "scorched", "shard of glass",
    "should be warned", "smell of burning", "smell of gas", "smells burnt", "smells of gas", "smoke coming", "smoked", "smoking", "sparked",
    "sparking", "sparks", "stitches", "suffocate", "suffocation", "swallowed", "swelled up", "swollen shut", "the hospital",
    "there's glass", "throat swelled", "throat swelling", "to hospital", "to surgery", "toxic", "unsafe", "urgent care", "ventilator",
    "vomiting", "wrist broken"};

inline constexpr std::string_view kMoney[] = {
    // Chinese
    "一夜清零", "不是我本人", "不退定金", "乱扣", "付了两次", "付了两遍", "假一赔", "冒充", "冒用", "冻结", "刷走", "又扣了一", "多扣",
    "定金不退", "工资卡", "异地登录", "扣两次", "扣两笔", "扣了三次", "扣了两次", "扣了两笔", "扣了我两次", "押金不退", "押金没退",
    "未到账", "止付", "没下单", "没买过", "没到账", "没有买过", "登录了我的账号", "登录我的账号", "盗刷", "积分清零", "自动续费",
    "被扣两次", "被骗", "诈骗", "转了两遍", "转走", "重复扣", "钱也没", "钱没了", "钱要不回来", "骗子", "骗走",
    // English
    "bailiff", "billed me twice", "billed twice", "blocked my account", "charged double", "charged me twice", "charged three times",
    "charged twice", "charging me the same", "cloned my card", "counterfeit", "debt agency", "debt collection", "debt collector",
    "debt collectors", "double charged", "drained", "duplicate charge", "empty box", "fraud", "fraudulent", "freeze everything",
    "freeze it", "freeze my account", "hacked", "holding my money", "i didn't buy", "i didn't make this", "i didn't order",
    "i never ordered", "identity theft", "keep charging", "keeps charging", "late fee", "logged in from", "money is gone", "my mortgage",
    "my pension", "my rent", "my savings", "my wages", "never agreed", "never joined", "overdraft", "overdrawn", "pending charges",
    "saved card", "scammed", "scammer", "somebody logged in", "someone logged in", "spending in my account", "still charging me",
    "taken my", "taken twice", "that isn't me", "twice for one order", "unauthorised", "unauthorized", "wasn't me", "you owe me"};

inline constexpr std::string_view kDeadline[] = {
    // Chinese
    "24小时内请", "一小时内", "三点截止", "今儿下午", "今天24点", "今天下午", "今天不到", "今天中午", "今天之内", "今天之前", "今天五点",
    "今天内", "今天天黑", "今天必须", "今天截止", "今天能不能送", "今天能到吗", "今日内", "今晚", "今晚截止", "值机", "婚车", "小时内回",
    "明天一早", "明天上午", "明天就要", "明天早上", "明早", "最后期限", "殡仪馆", "点之前", "点前", "立刻派", "等不了", "赶不上", "追悼会",
    "递签", "限24小时", "限今天", "限今日", "马上截止", "马上派",
    // English
    "as i write", "at four today", "at midnight", "before 5", "before 5pm", "before midnight", "by five", "by midnight", "by noon today",
    "by today", "close of business", "closes today", "deadline is today", "deadline: today", "end of the day", "end of today",
    "engineer today", "expires today", "in the next hour", "in two hours", "min left", "mins left", "minutes left", "next couple of hours",
    "next hour", "o'clock today", "pm today", "release it now", "right now", "this afternoon", "this minute", "today by", "today only",
    "today please", "tomorrow morning", "tonight", "until noon", "urgent", "within the hour", "within the next"};

inline constexpr std::string_view kRepeatedContact[] = {
    // Chinese
    "三个客服", "三番五次", "不回复", "修了三", "修了两", "催一次", "催了", "催过", "又坏了", "又寄修", "咨询三次", "均无回应", "多次反映",
    "多次联系", "天天问", "客服说找", "寄修两次", "已读不回", "平台找店", "平台说找", "店铺说找", "打了三次电话", "打了好几", "打了无数",
    "投诉三次", "投诉第", "推来推去", "每次都说", "没人回", "没人接", "没人理", "没人管", "没人给", "没人联系", "没有下文", "石沉大海",
    "第七回", "第七次", "第三回", "第三次", "第九次", "第二次联系", "第五次", "第八次", "第六次", "第四次", "联系三次", "联系了三次",
    "联系了好几次", "让我找平台", "说了三遍", "踢来踢去", "踢皮球", "转接", "问了好几", "零回复",
    // English
    "again and again i", "asked four times", "asked three times", "asked twice", "bot closed", "chased you", "closed my case",
    "closed my chat", "closed my ticket", "closing my chat", "contacted your support", "each time", "eight times", "eighth time",
    "emails about", "every agent", "fifth agent", "fifth apology", "fifth time", "five times", "four times", "fourth email", "fourth mail",
    "fourth request", "fourth time", "have contacted you", "i have asked", "i have called", "i have emailed", "i've asked", "i've called",
    "i've chased", "i've emailed", "i've had you", "i've written", "ignored me", "ignoring me", "keep closing", "keep ignoring",
    "keeps closing", "never answered", "never replied", "nine times", "ninth time", "no answer", "no one answers", "no one has answered",
    "no one replies", "no reply", "no response", "nobody answered", "nobody answers", "nobody replies", "not one reply", "passed around",
    "second request", "seventh time", "six times", "sixth ticket", "sixth time", "still no answer", "still no reply", "supervisor",
    "third call", "third chat", "third email", "third message", "third request", "third time", "three times", "voicemails"};

inline constexpr std::string_view kLegal[] = {
    // Chinese
    "12315", "12345", "12366", "仲裁", "公安", "媒体", "就举报", "工商局", "已报警", "已经报警", "市场监督", "市场监管", "市监局", "律师",
    "律师函", "我报警", "打官司", "报案", "报警了", "曝光", "民警", "法务", "法院", "派出所", "消保委", "消保官", "消保會", "消协", "消法",
    "消费保", "消费者协会", "电视台", "直接举报", "立案", "索赔", "经侦", "网信办", "肖像权", "药监局", "警方", "记者", "诉讼", "质监局",
    "赔偿", "起诉", "追究", "退一赔三", "食品安全法", "食药监", "黑猫",
    // English
    "attorney", "barrister", "better business bureau", "chargeback", "consumer protection", "consumer rights", "county court",
    "data breach", "final notice", "formal notice", "lawsuit", "lawyer", "lawyers", "legal action", "legal department", "legal dept",
    "letter before action", "ombudsman", "police have", "police report", "regulator", "report you to", "reporting this to", "reporting you",
    "see you in court", "small claims", "solicitor", "sue you", "suing", "take you to court", "the ico", "the police", "trading standards",
    "tribunal", "watchdog", "your legal"};

// What asks for something: these stand in texts of level P3 ten times as often as in P4, where no cue does.
inline constexpr std::string_view kAsks[] = {
    "?",        "吗",    "请",     "麻烦",   "能不能",   "能否",   "怎么",      "什么",    "多久",    "哪",     "多少",
    "咋",       "取消",  "改成",   "发票",   "申请",     "会不会", "是不是",    "有没有",  "问下",    "转人工", "订单",
    "收件",     "地址",  "please", "pls",    "can you",  "can u",  "could you", "can i",   "could i", "i need", "i'd like",
    "is there", "may i", "cancel", "change", "exchange", "refund", "return",    "invoice", "account", "send",   "how do i"};

/// Of P1 to P4: how often the rule is right, on the dev messages of models/data, which chose no word (models/urgency.py). On those that
/// did it is 0.83, 0.73, 0.66 and 0.78.
inline constexpr float kPrecision[] = {0.74F, 0.65F, 0.62F, 0.71F};
inline constexpr std::string_view kLevels[] = {"P1", "P2", "P3", "P4"};

}  // namespace aftersense
