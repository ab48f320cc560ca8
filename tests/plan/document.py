"""The document's people, by the words these tests use for them, and what it gives each to do.

Taken from the document by hand (measures-2568.txt and its notes), not from the YAML.
"""

from datetime import date

PRAMOTE = "พ.ต.ท.ประโมทย์ พูลประเสริฐ"
NATTAWAT = "พ.ต.ท.ณัฐวรรธ แก้วทิพย์เนตร"
KHANITTHA = "พ.ต.ท.หญิง ขนิษฐา แก้วโสภา"
ANGSUSON = "ร.ต.อ.หญิง อังศุศรณ์ เชาวเลิศ"
NARISARA = "ร.ต.อ.หญิง นริศรา นามธง"
THANET = "ร.ต.อ.ธเนศ จันทการ"
SARAWUT = "ร.ต.อ.ศราวุฒิ ประยูรวงศ์"
PIYAPORN = "ร.ต.อ.หญิง ปิยาภรณ์ หาญณรงค์"
PHAILIN = "ร.ต.อ.หญิง ไพลิน ฉัญจรัสรักษ์"
SUPHAWAN = "ร.ต.ท.หญิง สุภวรรณ ศรีสุวรรณ"
APHINPORN = "ร.ต.ท.หญิง อภินทร์พร แสงแก้ว"
AITHANYA = "ด.ต.หญิง อัยย์ธัญญา กฤตย์อัศวโกคิน"
RAKCHANU = "ด.ต.หญิง รักชนู กฤตานุสาร"
USA = "ด.ต.หญิง อุษา มีนาม"
PATTHAMA = "ด.ต.หญิง ปัทมา เทพทวี"
SETTHAPHAT = "พ.ต.อ.เศรษฐภัทร ณ สงขลา"
THIANCHAI = "ว่าที่ พ.ต.อ.เทียนชัย ชมภู"
CHIEF, INSPECTOR = "ผกก.ตม.จว.ประจวบคีรีขันธ์", "สว.ตม.จว.ประจวบคีรีขันธ์"
ITA_TEAM, SUPPLY, SERVICE = "คณะทำงานขับเคลื่อน ITA", "งานส่งกำลังบำรุง", "เจ้าหน้าที่งานบริการคนต่างด้าว"
EVERYBODY = "ข้าราชการตำรวจในสังกัดทุกนาย"

# Item: who supervises, who prepares.
DUTIES = {
    "O1": ([KHANITTHA], [ANGSUSON, RAKCHANU]),
    "O2": ([KHANITTHA], [ANGSUSON]),
    "O3": ([PRAMOTE, NATTAWAT], [NARISARA, THANET, SARAWUT]),
    "O4": ([KHANITTHA], [ANGSUSON]),
    "O5": ([PRAMOTE, NATTAWAT, KHANITTHA], [NARISARA, ANGSUSON, AITHANYA, USA]),
    "O6": ([PRAMOTE, NATTAWAT, KHANITTHA], [ANGSUSON, SUPHAWAN, APHINPORN, USA, PATTHAMA]),
    "O7": ([PRAMOTE, NATTAWAT, KHANITTHA], [NARISARA, ANGSUSON, SARAWUT]),
    "O8": ([PRAMOTE, NATTAWAT], [NARISARA, THANET, SARAWUT, APHINPORN]),
    "O9": ([KHANITTHA], [AITHANYA]),
    "O10": ([NATTAWAT], [PATTHAMA, USA]),
    "O11": ([KHANITTHA], [PIYAPORN]),
    "O12": ([NATTAWAT], [USA]),
    "O13": ([KHANITTHA], [PHAILIN, APHINPORN]),
    "O14": ([KHANITTHA], [PHAILIN, APHINPORN]),
    "O15": ([KHANITTHA], [ANGSUSON, RAKCHANU]),
    "O16": ([KHANITTHA], [RAKCHANU]),
    "O17": ([KHANITTHA], [AITHANYA]),
    "O18": ([KHANITTHA], [AITHANYA]),
    "O19": ([KHANITTHA], [AITHANYA]),
    "O20": ([KHANITTHA], [AITHANYA]),
    "O21": ([KHANITTHA], [AITHANYA]),
    "O22": ([KHANITTHA], [PHAILIN, APHINPORN]),
    "O23": ([PRAMOTE, KHANITTHA], [AITHANYA]),
    "O24": ([KHANITTHA], [AITHANYA]),
    "P1": ([], [EVERYBODY]),
    "P2": ([], ["งานอำนวยความสะดวก", SERVICE, "งานสืบสวนปราบปราม", "งานควบคุมคนต้องห้ามและส่งกลับ"]),
    "P3": ([], [EVERYBODY]),
    "P4": ([], [SERVICE]),
    "P5": ([], [EVERYBODY]),
    "P6": ([], [EVERYBODY]),
    "1.1": ([PRAMOTE], [SERVICE, SUPPLY]),
    "1.2": ([PRAMOTE], [SUPPLY]),
    "1.3": ([PRAMOTE], [SUPPLY]),
    "1.4": ([PRAMOTE], [SUPPLY]),
    "1.5": ([PRAMOTE], [SERVICE, SUPPLY]),
    "1.6": ([PRAMOTE], [SERVICE, SUPPLY]),
    "C1": ([], []),
    "C2": ([], []),
    "C3": ([], []),
    "W1": ([KHANITTHA], [ANGSUSON]),
    "W2": ([KHANITTHA], [ANGSUSON]),
    "W3": ([KHANITTHA], [ANGSUSON]),
    "S1": ([INSPECTOR], [AITHANYA, ITA_TEAM]),
    "S2": ([CHIEF], [ITA_TEAM]),
}

STEP_DUTIES = {
    1: ([CHIEF], [ITA_TEAM]),
    2: ([KHANITTHA], [AITHANYA]),
    3: ([KHANITTHA], [AITHANYA]),
    4: ([KHANITTHA], [AITHANYA]),
    5: ([KHANITTHA], [ANGSUSON]),
    6: ([KHANITTHA], [AITHANYA]),
    7: ([INSPECTOR], [ITA_TEAM]),
    8: ([], []),  # the assessor's
    9: ([], []),  # the assessor's
    10: ([CHIEF], [AITHANYA]),
    11: ([KHANITTHA], [AITHANYA]),
    12: ([KHANITTHA], [AITHANYA]),
    13: ([KHANITTHA], [AITHANYA]),
    14: ([KHANITTHA], [AITHANYA]),
}

# The scan's other spellings of one person.
ALIASES = {
    NATTAWAT: {"ณัฐวรธร แก้วทิพย์เนตร"},
    KHANITTHA: {"ชนิษฐา แก้วโสภา", "ขนิษฐา แก้วโสภาค"},
    ANGSUSON: {"อังศุพรรณ เชาวเลิศ"},
    THANET: {"ธเนศ จุนทการ"},
    PHAILIN: {"ไพลิน ฉัญจรส์รักษ์"},
    APHINPORN: {"อภินิหารพร แสงแก้ว", "ร.ต.ต.หญิง อภินิทร์พร แสงแก้ว", "อภินิษฐ์พร แสงแก้ว"},
    AITHANYA: {
        "อัยยัญญา กฤตย์อัศวโกคิน",
        "อัยย์ญา กฤตย์อัศวโกคิน",
        "อัยย์ณญา กฤตย์อัศวโกศิน",
        "อัยย์ณญา กฤตย์อัครวโกลิน",
        "อัยย์ธญา กฤตย์อัสวโกติน",
        "อัยย์ธัญญา กฤตย์อัศวโกศิน",
    },
    RAKCHANU: {"รักชฎ กฤตานุสาร"},
}

REPORTED = {
    "2024-10": date(2024, 11, 1),
    "2024-11": date(2024, 12, 1),
    "2024-12": date(2025, 1, 1),
    "2025-01": date(2025, 2, 1),
    "2025-02": date(2025, 3, 1),
    "2025-03": date(2025, 4, 1),
}
