/**
 * Words of categories, titles, tags, brands and searches that tell of what is nobody's business: the special categories of personal data
 * (GDPR, article 9; sensitive personal information of the Chinese PIPL, article 28), with pregnancy, addiction, crime and debt. One line a
 * group, separated by commas. English nouns in the singular: the plural is found too.
 */
export const sensitiveWords = {
  health: [
    'health, healthcare, health care, medical, medicine, medication, medicinal, medicated, pharmacy, pharmaceutical, drugstore, prescription',
    'pill, painkiller, pain relief, aspirin, ibuprofen, paracetamol, antibiotic, antidepressant, sleeping pill, insomnia, laxative, antacid, insulin, vaccine',
    'disease, illness, cancer, tumor, tumour, chemotherapy, diabetes, diabetic, glucose meter, blood sugar, blood pressure monitor, hypertension, asthma, inhaler, epilepsy',
    'dementia, alzheimer, parkinson, autism, autistic, adhd, depression, depressed, anxiety, mental health, psychotherapy, physiotherapy, physical therapy, psychiatric, bipolar, schizophrenia, ptsd',
    'wheelchair, walking frame, walker for seniors, rollator, crutch, prosthesis, prosthetic, orthopedic, orthopaedic, hearing aid, catheter, colostomy, stoma, incontinence, adult diaper',
    'hemorrhoid, haemorrhoid, psoriasis, eczema, acne treatment, hair loss, wart, fungal infection, obesity, weight loss, diet pill, slimming pill, eating disorder, menopause, disability, disabled',
    '健康监测, 医疗, 醫療, 医药, 醫藥, 医用, 醫用, 药品, 藥品, 药物, 藥物, 药店, 药房, 藥房, 中药, 中藥, 西药, 西藥, 处方, 處方, 非处方, 药膏, 藥膏, 药片, 膏药, 感冒药, 退烧药, 止痛, 消炎, 抗生素, 胰岛素, 疫苗',
    '保健品, 营养保健, 健康护理, 医疗健康, 癌, 肿瘤, 腫瘤, 化疗, 糖尿病, 血糖仪, 血压计, 血壓計, 高血压, 高血壓, 哮喘, 癫痫, 痴呆, 阿尔茨海默, 帕金森, 自闭症, 自閉症, 抑郁, 憂鬱症, 焦虑症, 精神病, 心理咨询, 心理治疗, 失眠',
    '轮椅, 輪椅, 拐杖, 助行器, 假肢, 义肢, 助听器, 助聽器, 导尿, 造口, 失禁, 成人纸尿裤, 成人尿布, 痔疮, 痔瘡, 牛皮癣, 湿疹, 祛痘, 脱发, 生发, 灰指甲, 脚气, 减肥, 減肥, 更年期, 残疾, 殘疾, 康复器械, 理疗, 艾灸',
  ],
  pregnancy: [
    'pregnancy, pregnant, maternity, prenatal, postnatal, postpartum, ovulation, fertility, infertility, ivf, breastfeeding, breast pump, nursing bra, abortion, miscarriage',
    'contraception, contraceptive, birth control, morning after pill, menstruation, menstrual, period pain, sanitary pad, sanitary napkin, tampon, feminine hygiene',
    '孕妇, 孕婦, 怀孕, 懷孕, 备孕, 備孕, 孕期, 孕产, 孕產, 验孕, 驗孕, 早孕, 避孕, 排卵, 不孕, 试管婴儿, 产后, 產後, 月子, 待产, 哺乳, 吸奶器, 母乳, 流产, 流產, 堕胎, 痛经, 月经, 卫生巾, 衛生棉',
  ],
  sexuality: [
    'sex, sexual, sexuality, sexy, sex toy, adult toy, vibrator, dildo, condom, lubricant for intimacy, erotic, erotica, porn, pornography, fetish, bdsm, bondage, aphrodisiac',
    'erectile dysfunction, viagra, durex, std test, hiv, aids test, gay, lesbian, bisexual, transgender, queer, lgbt, lgbtq, lgbtqia, pride flag',
    '情趣, 成人用品, 性用品, 性玩具, 性爱, 性愛, 性健康, 性病, 性取向, 震动棒, 飞机杯, 安全套, 保險套, 避孕套, 壮阳, 壯陽, 伟哥, 威而鋼, 杜蕾斯, 色情, 情色, 阳痿, 早泄, 艾滋, 愛滋, 同性恋, 同性戀, 双性恋, 跨性别, 跨性別, 彩虹旗',
  ],
  religion: [
    'religion, religious, christian, christianity, catholic, protestant, church, bible, gospel, rosary, crucifix, baptism, first communion, jesus, muslim, islam, islamic, quran, koran, hijab, halal, prayer mat, prayer rug',
    'jewish, judaism, kosher, torah, menorah, kippah, mezuzah, hindu, hinduism, ganesha, buddhist, buddhism, buddha, sikh, scientology, mormon, jehovah, atheist, atheism',
    '宗教, 信仰, 基督, 天主教, 教堂, 圣经, 聖經, 福音, 十字架, 洗礼, 耶稣, 耶穌, 穆斯林, 伊斯兰, 伊斯蘭, 古兰经, 可兰经, 清真, 礼拜毯, 犹太, 猶太, 印度教, 佛教, 佛像, 佛经, 佛經, 佛珠, 念珠, 佛具, 供佛, 菩萨, 菩薩, 道教, 道观, 符咒, 锡克, 法轮, 无神论',
  ],
  politics: [
    'politics, political, election campaign, republican, democrat, democratic party, labour party, conservative party, communist, communism, socialist, socialism, anarchist, fascist, nazi, far right, far left, maga, trade union, labor union, protest sign, campaign sticker',
    '政治, 政党, 政黨, 党员, 黨員, 党章, 党徽, 共产党, 共產黨, 国民党, 國民黨, 民进党, 民進黨, 民主党, 共和党, 竞选, 競選, 选举, 選舉, 抗议, 示威, 工会, 工會, 法西斯, 纳粹, 納粹',
  ],
  ethnicity: [
    'ethnic, ethnicity, black hair care, indigenous people, refugee, immigrant, immigration, asylum, dna test, ancestry test, genetic test',
    '民族服饰, 少数民族, 少數民族, 种族, 種族, 难民, 難民, 移民, 基因检测, 基因檢測, 血统检测',
  ],
  addiction: [
    'alcoholism, rehab, quit smoking, nicotine patch, nicotine gum, drug test, cannabis, marijuana, cbd, gambling, casino, betting',
    '戒酒, 戒烟, 戒煙, 戒毒, 毒品, 大麻, 尼古丁贴, 赌博, 賭博, 博彩, 彩票',
  ],
  crime_and_debt: [
    'bankruptcy, payday loan, debt relief, debt collection, credit repair, ankle monitor, bail bond, criminal record',
    '破产, 破產, 网贷, 網貸, 催收, 债务, 債務, 征信修复, 犯罪记录, 前科',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
