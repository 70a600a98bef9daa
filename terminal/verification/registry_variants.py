"""Character variants of Japanese family registers: one string a class, every member a form of the same character.

Sources: 常用漢字表 (Cabinet notice No. 2 of 2010), the forms in brackets (康熙字典体); 戸籍法施行規則 別表第二, second list
(old forms allowed in names); the surname variants of IBM's extension and JIS X 0213 that registers hold most often. Being in a
class never makes two names the same: it makes them ``undecided``, so that a clerk looks. Unihan's pairs add to this
(``unihan_variants.json``); pairs are not chained, so a class here holds all forms that should meet.
Compatibility ideographs (U+F900-FAFF, U+2F800-2FA1F) are not listed: ``characters.py`` takes them from Unicode itself.
"""

_SURNAME_FORMS = (
    "高髙 崎﨑嵜㟢碕埼 辺邉邊 吉𠮷 斎斉齋齊齌亝 沢澤 浜濱濵 富冨 島嶋嶌㠀 桑桒 橋槗 瀬瀨 徳德 恵惠 曽曾 "
    "桜櫻 渕淵渊 真眞 静靜 館舘 藪薮籔 条條 滝瀧 竜龍 角⻆ 柳栁桺 船舩 鶴靏靍 梅楳 穂穗 蔵藏 芦蘆 栄榮 "
    "塩鹽 奥奧 横橫 温溫 祇祗 葉叶 杉杦 松枩柗 国國圀 薗園 掛挂 峰峯 野埜 秋秌 岡罡 州洲 坂阪 児兒 "
    "広廣 桧檜 寿壽 弥彌 豊豐 与與 余餘 礼禮 来來 頼賴 凛凜 尭堯 槙槇 遥遙 瑶瑤 亘亙 晋晉 桝枡 迩邇 "
    "祢禰 祷禱 鴬鶯 鴎鷗 侠俠 噛嚙 掴摑 繋繫 顛顚 填塡 頬頰 剥剝 叱𠮟 嘘噓 躯軀 涛濤 蛍螢 諌諫 靭靱 "
    "芸藝 聡聰 穣穰 凞煕熙熈 昂昻 虎乕 昇曻 寛寬 増增 黒黑 緑綠 歩步 戸戶 清淸 青靑 教敎 産產 録錄 "
    "郎郞 黄黃 即卽 既旣 概槪 彦彥 顔顏 説說 税稅 脱脫 悦悅 閲閱 鋭銳 尚尙 当當 内內 呉吳 娯娛 巣巢 "
    "単單 禅禪 弾彈 戦戰 亀龜 処處 拠據 慎愼 鎮鎭 姉姊 緒緖 巴巵 悳徳 凉涼 况況 冴冱 决決 减減 凄淒 "
    "厨廚 厩廐廏 吊弔 效効 勲勳 勅敕 嬢孃 壌壤 譲讓 醸釀"
)

_OLD_FORMS = (
    "亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 隠隱 営營 衛衞 駅驛 円圓 縁緣 艶艷 応應 欧歐 殴毆 仮假 価價 "
    "画畫 会會 懐懷 絵繪 拡擴 殻殼 覚覺 学學 岳嶽 楽樂 渇渴 缶罐 巻卷 陥陷 勧勸 関關 歓歡 観觀 気氣 "
    "帰歸 偽僞 戯戲 犠犧 旧舊 挙擧 虚虛 峡峽 挟挾 狭狹 郷鄕 暁曉 区區 駆驅 駈駆 径徑 茎莖 掲揭 渓溪 "
    "経經 継繼 軽輕 鶏鷄 撃擊 欠缺 県縣 倹儉 剣劍劒 険險 圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴 恒恆 鉱鑛 "
    "号號 砕碎 済濟 斎齋 剤劑 雑雜 参參 桟棧 蚕蠶 惨慘 賛贊 残殘 糸絲 歯齒 辞辭 湿濕 実實 写寫 舎舍 "
    "釈釋 収收 従從 渋澁澀 獣獸 縦縱 粛肅 叙敍 将將 称稱 渉涉 焼燒 証證 奨奬 浄淨 剰剩 畳疊 縄繩 嘱囑 "
    "触觸 寝寢 尽盡 図圖 粋粹 酔醉 随隨 髄髓 枢樞 数數 声聲 斉齊 摂攝 窃竊 専專 浅淺 践踐 銭錢 潜潛 "
    "繊纖 双雙 壮壯 争爭 荘莊 捜搜 挿插 総總 騒騷 臓臟 属屬 続續 堕墮 対對 体體 帯帶 滞滯 台臺 択擇 "
    "担擔 胆膽 団團 断斷 遅遲 昼晝 虫蟲 鋳鑄 庁廳 徴徵 聴聽 逓遞 鉄鐵 点點 転轉 伝傳 灯燈 党黨 盗盜 "
    "稲稻 闘鬪 独獨 読讀 届屆 弐貳 悩惱 脳腦 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 晩晚 蛮蠻 秘祕 "
    "浜濱 瓶甁 払拂 仏佛 併倂 並竝 餅餠 変變 弁辨瓣辯 舗舖 宝寶 褒襃 翻飜 毎每 万萬 満滿 麺麵 黙默 "
    "訳譯 薬藥 予豫 誉譽 揺搖 様樣 謡謠 乱亂 覧覽 略畧 両兩 猟獵 涙淚 塁壘 励勵 霊靈 隷隸 齢齡 暦曆 "
    "歴歷 恋戀 錬鍊 炉爐 労勞 楼樓 湾灣 稚穉 帆颿 杯盃 畝畞 翠翆 鉄鉃鐡 窓窗 群羣 島嶋 裏裡 煙烟 "
    "岩巖巌 総惣 達逹 禄祿"
)

CLASSES: tuple[frozenset[str], ...] = tuple(frozenset(members) for members in f"{_SURNAME_FORMS} {_OLD_FORMS}".split())
"""Every class; a character may stand in several."""
