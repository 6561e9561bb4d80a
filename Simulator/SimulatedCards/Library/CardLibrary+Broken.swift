import EMV
import Payments
import Wire

/// Good cards with a bad habit each.
extension CardLibrary {
    /// Every bad habit by its name.
    public static let habits: [CardHabit] = broken.map(\.habit)

    static let broken: [CardProfile] =
        silent + unselectable + uninitiated + unreadable + forged + unverified + undecided + untappable

    /// The card named after the habit: `base` with these deviations.
    private static func bad(
        _ name: String, _ chinese: String, _ english: String, _ end: CardEnd,
        on base: CardProfile = unionPayDebit, _ deviations: [Deviation]
    ) -> CardProfile {
        var profile = base.with(CardHabit(name, BilingualText(chinese, english), deviations))
        profile.name = name
        profile.note = profile.habit.text
        if base.interfaces.contains(.contact) { profile.end = end } else { profile.tapEnd = end }
        return profile
    }

    // MARK: Transport

    private static let silent: [CardProfile] = [
        bad("mute", "从不应答", "never answers", .ended, [.command(.from(1), .silence)]),
        bad(
            "mute-late", "第二次GENERATE AC时不再应答", "does not answer the second GENERATE AC", .reversed,
            [.command(.from(.generateAC, 2), .silence)]),
        bad("removed", "第6条指令时被拔出", "is pulled out at command 6", .ended, [.command(.from(6), .removal)]),
        bad(
            "removed-late", "第二次GENERATE AC时被拔出", "is pulled out at the second GENERATE AC", .reversed,
            [.command(.from(.generateAC, 2), .removal)]),
        bad("nonsense", "应答随机数据", "answers random bytes", .ended, [.command(.from(1), .noise)]),
        bad(
            "more-data", "总应答61xx", "announces more data (61xx) for ever", .ended,
            [.command(.from(1), .answer([0x61, 0x10]))]),
        bad(
            "wrong-length", "总应答6Cxx", "asks for another length (6Cxx) for ever", .ended,
            [.command(.from(1), .answer([0x6C, 0x10]))]),
        bad("one-byte", "应答只有一个字节", "answers one byte", .ended, [.command(.from(1), .shortened(to: 1))]),
        bad(
            "more-than-256", "GENERATE AC的应答拼接后超过256字节", "its pieces (61xx) exceed 256 bytes at GENERATE AC", .ended,
            [
                .command(.from(.generateAC), .answer([UInt8](repeating: 0x00, count: 200) + [0x61, 0xC8])),
                .command(
                    .from(.getResponse), .answer([UInt8](repeating: 0x00, count: 200) + [0x61, 0xC8])),
            ]),
    ]

    // MARK: Selection

    private static let unselectable: [CardProfile] = [
        bad(
            "no-name", "FCI中没有84", "no 84 in the file control information", .ended,
            [.sent(.dedicatedFileName, .missing)]),
        bad(
            "other-name", "FCI中是另一个应用的名称", "another application's name in the file control information", .ended,
            [.sent(.dedicatedFileName, .value(TestAuthority.rid + [0x01, 0x01, 0x06]))]),
        bad(
            "no-template", "FCI不是6F模板", "the file control information is no template 6F", .ended,
            [.command(.from(.select), .replaced([0x6F], with: [0x6E]))]),
        bad(
            "endless-directory", "目录记录没有尽头", "the directory's records never end", .ended,
            [
                .command(
                    .from(.readRecord),
                    .answer(
                        TLV(
                            .record,
                            TLV(.applicationTemplate, TLV(.aid, TestAuthority.rid + [0x01, 0x01, 0x01]).encoded).encoded
                        ).encoded + [0x90, 0x00]))
            ]),
        bad(
            "unreadable-directory", "目录记录不可读，改用AID列表", "a directory record is unreadable; the list of AIDs serves",
            .approvedOnline, [.command(.at(.readRecord), .answer([0x70, 0x05, 0x61, 0x90, 0x00]))]),
        bad(
            "repeats-itself", "选择下一个应用时总应答同一个", "answers the same application when asked for the next",
            .approvedOnline,
            on: card("", BilingualText("", ""), [debit(accounts[0]) { $0.aid += [0x01] }]) { $0.hasDirectory = false },
            [
                .command(
                    .at(.select, 3),
                    .answer(
                        TLV(
                            .fciTemplate,
                            TLV.encode([
                                TLV(.dedicatedFileName, TestAuthority.rid + [0x01, 0x01, 0x01, 0x01]),
                                TLV(.fciProprietary, TLV(.applicationLabel, Array("UnionPay Debit".utf8)).encoded),
                            ])
                        ).encoded + [0x90, 0x00]))
            ]),
    ]

    // MARK: Initiation

    private static let uninitiated: [CardProfile] = [
        bad(
            "refuses-to-start", "GPO应答6985，没有其他应用", "refuses GET PROCESSING OPTIONS (6985), no other application",
            .ended, [.command(.from(.getProcessingOptions), .status(0x6985))]),
        bad(
            "start-fails", "GPO应答6F00", "answers 6F00 to GET PROCESSING OPTIONS", .ended,
            [.command(.from(.getProcessingOptions), .status(0x6F00))]),
        bad(
            "greedy-pdol", "PDOL要求超过255字节", "the PDOL asks for more than fits", .ended, on: unionPayCredit,
            [.sent(.pdol, .value([0x9F, 0x4E, 0xFF, 0x9F, 0x1A, 0xFF]))]),
        bad(
            "broken-pdol", "PDOL不完整", "the PDOL ends in the middle of a tag", .ended, on: unionPayCredit,
            [.sent(.pdol, .value([0x9F]))]),
        bad(
            "no-aip", "GPO应答中没有82", "no 82 in the answer to GET PROCESSING OPTIONS", .ended, on: unionPayCredit,
            [.sent(.aip, .missing)]),
        bad(
            "unknown-format", "GPO应答模板既非77也非80", "answers GET PROCESSING OPTIONS in an unknown format", .ended,
            on: unionPayCredit, [.command(.at(.getProcessingOptions), .replaced([0x77], with: [0x79]))]),
        bad("afl-empty", "AFL为空", "the file locator is empty", .ended, [.sent(.afl, .value([]))]),
        bad(
            "afl-nothing", "AFL指向不存在的文件", "the file locator points at a file that is not there", .ended,
            [.sent(.afl, .value([0x08, 0x01, 0x01, 0x00, 0x28, 0x01, 0x01, 0x00]))]),
        bad(
            "afl-backwards", "AFL末记录小于首记录", "the file locator's last record is before its first", .ended,
            [.sent(.afl, .value([0x08, 0x02, 0x01, 0x00]))]),
        bad(
            "endless-records", "AFL包含所有文件的所有记录", "the file locator names every record of every file", .ended,
            [
                .sent(.afl, .value((1...30).flatMap { [UInt8($0 << 3), 0x01, 0xFF, 0x00] })),
                .command(.from(.readRecord, 3), .answer([0x70, 0x02, 0x00, 0x00, 0x90, 0x00])),
            ]),
    ]

    // MARK: Records

    private static let unreadable: [CardProfile] = [
        bad("no-pan", "没有5A", "no account number (5A)", .ended, [.personalised(.pan, .missing)]),
        bad("duplicate-pan", "5A出现两次", "the account number (5A) is there twice", .ended, [.sent(.pan, .twice)]),
        bad("no-expiry", "没有5F24", "no expiry date (5F24)", .ended, [.personalised(.expirationDate, .missing)]),
        bad(
            "no-date", "5F24不是日期", "the expiry date (5F24) is none", .ended,
            [.personalised(.expirationDate, .value([0x99, 0x13, 0x32]))]),
        bad("no-cdol1", "没有8C", "no CDOL1 (8C)", .ended, [.personalised(.cdol1, .missing)]),
        bad("no-cdol2", "没有8D", "no CDOL2 (8D)", .ended, [.personalised(.cdol2, .missing)]),
        bad(
            "other-track", "57与5A不一致", "the track (57) is of another account", .ended,
            [
                .sent(
                    .track2, .value([0x62, 0, 0, 0, 0, 0, 0, 0x99, 0xD4, 0x91, 0x22, 0x20, 0x00, 0x0F]))
            ]),
        bad(
            "empty-record", "记录应答9000而无数据", "a record is empty (9000 alone)", .ended,
            [.command(.at(.readRecord, 3), .status(0x9000))]),
        bad(
            "not-a-record", "记录不是70模板", "a record is no template 70", .ended,
            [.command(.at(.readRecord, 4), .replaced([0x70], with: [0x77]))]),
        bad(
            "long-object", "数据对象长度超出记录", "an object is longer than its record", .ended,
            [.command(.at(.readRecord, 3), .answer([0x70, 0x04, 0x57, 0x7F, 0x62, 0x00, 0x90, 0x00]))]),
        bad(
            "tlv-bomb", "嵌套120层的数据对象", "an object nested 120 times", .ended,
            [
                .command(
                    .at(.readRecord, 5),
                    .answer((0...120).reversed().flatMap { $0 < 64 ? [0x70, UInt8($0 * 2)] : [] } + [0x90, 0x00]))
            ]),
        bad(
            "changes-its-mind", "同一记录第二次读出另一个卡号", "a record read again has another account number", .ended,
            [
                .sent(
                    .afl,
                    .value([
                        0x08, 0x01, 0x01, 0x00, 0x10, 0x01, 0x02, 0x01, 0x10, 0x01, 0x01, 0x00, 0x18, 0x01, 0x03, 0x00,
                    ])),
                .command(.at(.readRecord, 6), .replaced([0x00, 0x13], with: [0x00, 0x21])),
            ]),
    ]

    // MARK: Proofs

    private static let forged: [CardProfile] = [
        bad(
            "issuer-header", "发卡行证书头错误", "the issuer certificate's header is wrong", .approvedOnline,
            [.signature(.issuerKey, .header)]),
        bad(
            "issuer-format", "发卡行证书格式错误", "the issuer certificate's format is wrong", .approvedOnline,
            [.signature(.issuerKey, .format)]),
        bad(
            "issuer-hash", "发卡行证书哈希错误", "the issuer certificate's hash is wrong", .approvedOnline,
            [.signature(.issuerKey, .hash)]),
        bad(
            "issuer-trailer", "发卡行证书尾错误", "the issuer certificate's trailer is wrong", .approvedOnline,
            [.signature(.issuerKey, .trailer)]),
        bad(
            "issuer-algorithm", "发卡行证书算法未知", "the issuer certificate names an unknown algorithm", .approvedOnline,
            [.signature(.issuerKey, .algorithm)]),
        bad(
            "issuer-expired", "发卡行证书已过期", "the issuer certificate has expired", .approvedOnline,
            [.signature(.issuerKey, .expiry)]),
        bad(
            "issuer-holder", "发卡行证书属于其他发卡行", "the issuer certificate is another issuer's", .approvedOnline,
            [.signature(.issuerKey, .holder)]),
        bad(
            "issuer-length", "发卡行证书少一字节", "the issuer certificate is a byte too short", .approvedOnline,
            [.signature(.issuerKey, .length)]),
        bad(
            "revoked", "发卡行证书已被吊销", "the issuer certificate is revoked", .approvedOnline,
            [.signature(.issuerKey, .revoked)]),
        bad(
            "unknown-authority", "认证中心公钥索引未知", "an authority key that nobody knows", .approvedOnline,
            [.sent(.caIndex, .value([0x77]))]),
        bad(
            "no-exponent", "没有9F32", "no exponent of the issuer's key (9F32)", .approvedOnline,
            [.sent(.issuerExponent, .missing)]),
        bad(
            "card-hash", "IC卡证书哈希错误", "the card certificate's hash is wrong", .approvedOnline,
            [.signature(.cardKey, .hash)]),
        bad(
            "card-holder", "IC卡证书属于另一卡号", "the card certificate is another account's", .approvedOnline,
            [.signature(.cardKey, .holder)]),
        bad(
            "card-expired", "IC卡证书已过期", "the card certificate has expired", .approvedOnline,
            [.signature(.cardKey, .expiry)]),
        bad(
            "tampered", "签名后静态数据被改", "its static data were changed after they were signed", .approvedOnline,
            [.sent(.serviceCode, .damaged), .sent(.usageControl, .damaged)]),
        bad(
            "tag-list", "静态数据标签列表含82以外的标签", "the static data tag list names more than 82", .approvedOnline,
            [.personalised(.sdaTagList, .value([0x82, 0x5A]))]),
        bad(
            "static-hash", "静态签名哈希错误", "the static signature's hash is wrong", .approvedOnline, on: staticCard,
            [.signature(.staticData, .hash)]),
        bad(
            "other-challenge", "动态签名不含终端随机数", "signs other data than the terminal sent", .approvedOnline,
            [.signature(.dynamicData, .challenge)]),
        bad(
            "dynamic-trailer", "动态签名尾错误", "the dynamic signature's trailer is wrong", .approvedOnline,
            [.signature(.dynamicData, .trailer)]),
        bad(
            "ddol-without-number", "DDOL不含9F37", "the DDOL does not ask for the unpredictable number", .approvedOnline,
            [.personalised(.ddol, .value([0x9F, 0x1A, 0x02]))]),
        bad(
            "refuses-to-sign", "INTERNAL AUTHENTICATE应答6985", "refuses INTERNAL AUTHENTICATE (6985)", .ended,
            [.command(.at(.internalAuthenticate), .status(0x6985))]),
        bad(
            "other-cryptogram", "CDA签名含另一个密文", "signs another cryptogram than its own", .declinedOffline,
            on: unionPayCredit, [.signature(.dynamicData, .cryptogram), .signature(.dynamicData, .hash)]),
        bad(
            "unsigned-cryptogram", "CDA应答没有签名", "does not sign its cryptogram", .declinedOffline, on: unionPayCredit,
            [.sent(.signedDynamicData, .missing)]),
    ]

    // MARK: Cardholder verification

    private static let unverified: [CardProfile] = [
        bad(
            "no-cvm-list", "没有8E", "no list of verification methods (8E)", .approvedOnline,
            [.personalised(.cvmList, .missing)]),
        bad(
            "odd-cvm-list", "8E长度为奇数", "a list of verification methods of odd length", .ended,
            [.personalised(.cvmList, .value([0, 0, 0, 0, 0, 0, 0, 0, 0x42]))]),
        bad(
            "unknown-cvm", "8E含未知方法", "a verification method that nobody knows", .approvedOnline,
            [.personalised(.cvmList, .value(CVMRule.list([CVMRule(method: 0x60, condition: 0), .signature])))]),
    ]

    // MARK: Decisions

    private static let undecided: [CardProfile] = [
        bad(
            "forbidden-tc", "要求ARQC却应答TC", "approves where it is asked for a request (TC on ARQC)", .ended,
            [.decides(first: .tc)]),
        bad(
            "declines", "第一次GENERATE AC拒绝", "declines at the first GENERATE AC", .declinedOffline,
            [.decides(first: .aac)]),
        bad(
            "declines-late", "第二次GENERATE AC拒绝", "declines at the second GENERATE AC", .declinedByCard,
            [.decides(second: .aac)]),
        bad(
            "asks-twice", "第二次GENERATE AC又应答ARQC", "asks its issuer again at the second GENERATE AC", .reversed,
            [.decides(second: .arqc)]),
        bad(
            "refuses-to-decide", "GENERATE AC应答6985", "refuses GENERATE AC (6985)", .ended,
            [.command(.at(.generateAC), .status(0x6985))]),
        bad(
            "unknown-cryptogram", "9F27为保留值", "a cryptogram of a reserved kind", .ended,
            [.sent(.cryptogramInformation, .value([0xC0]))]),
        bad(
            "no-counter", "GENERATE AC应答中没有9F36", "no counter in the answer to GENERATE AC", .ended, on: unionPayCredit,
            [.sent(.atc, .missing)]),
        bad(
            "wrong-cryptogram", "密文错误", "its cryptogram is wrong", .declinedOnline,
            [.sent(.cryptogram, .damaged)]),
        bad(
            "wrong-counter", "应答的计数器不是密文所用的", "tells another counter than its cryptogram covers", .declinedOnline,
            [.sent(.atc, .damaged)]),
        bad(
            "counter-backwards", "GET DATA的计数器小于上次联机值", "its counter is below that of its last online payment",
            .approvedOnline, on: unionPayCredit,
            [.command(.at(.getData), .replaced([0x9F, 0x36, 0x02, 0x00, 0x01], with: [0x9F, 0x36, 0x02, 0x00, 0x00]))]),
        bad(
            "no-register", "GET DATA应答6A88", "does not tell its counters (6A88)", .approvedOnline, on: unionPayCredit,
            [.command(.from(.getData), .status(0x6A88))]),
        bad(
            "distrusts-issuer", "EXTERNAL AUTHENTICATE应答6300", "does not accept its issuer's cryptogram (6300)",
            .approvedOnline, [.command(.at(.externalAuthenticate), .status(0x6300))]),
    ]

    // MARK: Without contacts

    private static let untappable: [CardProfile] = [
        bad(
            "tap-mute", "挥卡后不应答GPO", "does not answer GET PROCESSING OPTIONS", .presentAgain, on: quickPass,
            [.command(.from(.getProcessingOptions), .silence)]),
        bad(
            "tap-withdrawn", "读记录时离开感应区", "leaves the field while its records are read", .presentAgain, on: quickPass,
            [.command(.from(.readRecord), .removal)]),
        bad(
            "tap-no-directory", "没有PPSE", "no directory (PPSE)", .otherInterface, on: quickPass,
            [.command(.at(.select), .status(0x6A82))]),
        bad(
            "tap-empty-directory", "PPSE中没有应用", "a directory without applications", .otherInterface, on: quickPass,
            [
                .command(
                    .at(.select),
                    .answer(
                        TLV(
                            .fciTemplate,
                            TLV.encode([
                                TLV(.dedicatedFileName, Array("2PAY.SYS.DDF01".utf8)),
                                TLV(.fciProprietary, TLV(.fciDiscretionary, [UInt8]()).encoded),
                            ])
                        ).encoded + [0x90, 0x00]))
            ]),
        bad(
            "tap-no-name", "FCI中没有84", "no 84 in its file control information", .otherInterface, on: quickPass,
            [.sent(.dedicatedFileName, .missing)]),
        bad(
            "tap-no-qualifiers", "PDOL不要求9F66", "the PDOL does not ask for the reader's qualifiers", .otherInterface,
            on: quickPass, [.sent(.pdol, .value([0x9F, 0x37, 0x04]))]),
        bad(
            "tap-no-profile", "GPO应答中没有82", "no 82 in its answer", .ended, on: quickPass,
            [.sent(.aip, .missing)]),
        bad(
            "tap-no-cryptogram", "GPO应答中没有9F26", "no cryptogram in its answer", .ended, on: quickPass,
            [.sent(.cryptogram, .missing)]),
        bad(
            "tap-twice", "GPO应答中57出现两次", "the track (57) is twice in its answer", .ended, on: quickPass,
            [.sent(.track2, .twice)]),
        bad(
            "tap-unproved", "fDDA签名错误，要求改联机", "its signature does not hold; it wants to go online then",
            .approvedOnline, on: quickPass, [.signature(.dynamicData, .hash)]),
        bad(
            "tap-other-challenge", "fDDA签名不含终端数据", "signs other data than the terminal sent", .approvedOnline,
            on: quickPass, [.signature(.dynamicData, .challenge)]),
        bad(
            "tap-other-qualifiers", "签名的9F69与发送的不同", "signs other card data (9F69) than it sends", .approvedOnline,
            on: quickPass, [.sent(.cardAuthenticationData, .damaged)]),
        bad(
            "tap-wrong-cryptogram", "密文错误", "its cryptogram is wrong", .declinedOnline,
            on: quickPassDebitCard.tapped, [.sent(.cryptogram, .damaged)]),
        bad("tap-declines", "卡片拒绝", "declines", .declinedOffline, on: quickPass, [.decides(first: .aac)]),
        bad(
            "tap-uninvited", "手机未验证却声称已验证", "claims a verification that its signed data do not", .declinedOffline,
            on: quickPass, [.sent(.cardTransactionQualifiers, .value([0x20, 0x80]))]),
        bad(
            "tap-unsigned", "CDA签名错误", "its combined signature does not hold", .ended, on: mChipTap,
            [.signature(.dynamicData, .hash)]),
        bad(
            "tap-torn", "GENERATE AC时离开感应区", "leaves the field at GENERATE AC", .presentAgain, on: mChipTap,
            [.command(.from(.generateAC), .removal)]),
        bad("tap-no-list", "没有8C", "no CDOL1 (8C)", .ended, on: mChipTap, [.sent(.cdol1, .missing)]),
    ]

    /// The quickPass credit card and the Mastercard without their contacts.
    private static let quickPass = quickPassCreditCard.tapped
    private static let mChipTap = mastercardContactlessCard.tapped
}

extension CardProfile {
    /// This card without its contacts.
    fileprivate var tapped: CardProfile {
        var copy = self
        for index in copy.applications.indices { copy.applications[index].hasContacts = false }
        return copy
    }
}
