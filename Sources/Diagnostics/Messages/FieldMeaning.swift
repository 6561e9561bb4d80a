/// What the codes of UnionPay's fields say, in a few words each.
enum FieldMeaning {
    static func messageType(_ mti: String) -> String {
        let names = [
            "01": "Authorisation", "02": "Financial", "03": "Batch upload", "04": "Reversal", "05": "Settlement",
            "06": "Script result", "07": "Query", "08": "Management", "09": "Signature",
        ]
        let direction =
            switch mti.dropFirst(2).first {
            case "0": "request"
            case "1": "reply"
            case "2": "advice"
            case "3": "reply to an advice"
            default: ""
            }
        return [names[String(mti.prefix(2))] ?? "Private", direction].joined(separator: " ")
    }

    static func processing(_ code: String) -> String {
        let names = [
            "00": "sale", "03": "pre-authorisation", "17": "void of a cash load", "20": "void, cancel or refund",
            "31": "balance", "33": "account verification", "40": "account load", "60": "designated load",
            "62": "non-designated load", "63": "cash load",
        ]
        return names[String(code.prefix(2))] ?? "private"
    }

    static func entry(_ code: String) -> String {
        let modes = [
            "00": "unspecified", "01": "manual", "02": "stripe", "03": "payment code", "04": "payment code",
            "05": "contact chip", "07": "contactless chip", "80": "fallback to stripe", "90": "fallback to stripe",
            "91": "contactless stripe data", "92": "without card", "96": "mobile chip",
            "98": "contactless with the full flow",
        ]
        let pin = ["0": "", "1": ", PIN entered", "2": ", no PIN"]
        return (modes[String(code.prefix(2))] ?? "private") + (pin[String(code.suffix(1))] ?? "")
    }

    static func security(_ digits: String) -> [Line] {
        let all = digits.map(String.init)
        guard all.count == 16 else { return [] }
        let blocks = ["0": "none", "1": "without account number", "2": "with account number"]
        let algorithms = ["0": "single DES", "3": "SM4", "4": "SM4", "6": "double-length 3DES"]
        return [
            Line("53.1", "PIN block", blocks[all[0]] ?? all[0]),
            Line("53.2", "Algorithm", algorithms[all[1]] ?? all[1]),
            Line("53.3", "Track encrypted", all[2] == "1" ? "yes" : "no"),
        ]
    }

    static let requirement = [
        "nothing", "download parameters", "upload status", "sign in again", "update CA public keys",
        "update card application parameters", "download management parameters", "download card range blacklist",
        "download currency rates", "download contactless parameters",
    ]

    static let condition = [
        "00": "normal", "06": "pre-authorisation", "08": "mail or phone order",
        "18": "pre-authorisation by mail or phone", "28": "recurring", "63": "coupon", "64": "instalment",
        "65": "points", "66": "prepaid account load", "67": "reservation", "91": "electronic cash load",
    ]

    static let response = [
        "00": "approved", "01": "call the issuer", "03": "invalid merchant", "04": "retain the card",
        "05": "cardholder not authenticated", "06": "error", "10": "approved in part", "11": "approved, VIP",
        "12": "invalid transaction", "13": "invalid amount", "14": "invalid card number", "15": "no such issuer",
        "21": "card inactive", "22": "wrong operation or too old", "25": "no original transaction",
        "30": "format error", "34": "fraud, retain the card", "38": "PIN tries exceeded", "40": "unsupported",
        "41": "lost card", "43": "stolen card", "45": "use the chip", "51": "insufficient funds", "54": "expired card",
        "55": "wrong PIN", "57": "not permitted to the card", "58": "not permitted to the terminal",
        "59": "card check failed", "61": "amount limit", "62": "restricted card", "64": "original amount differs",
        "65": "count limit", "68": "reply too late", "75": "PIN tries exceeded", "77": "sign in again: batch differs",
        "90": "cut-over in progress", "91": "issuer inoperative", "92": "no route", "94": "duplicate",
        "96": "system malfunction", "97": "unknown terminal", "98": "issuer timed out, or no reply",
        "99": "PIN block error: sign in again", "A0": "MAC error: sign in again", "A1": "currencies differ",
        "A2": "approved, confirm with the bank", "A3": "bad receiving account", "A4": "approved, confirm with the bank",
        "A5": "approved, confirm with the bank", "A6": "approved, confirm with the bank", "A7": "security failure",
    ]

    static let agreement = [0: "not said", 1: "agreed", 2: "differs", 3: "host error"]

    static let kind = [
        "00": "management", "01": "balance or verification", "03": "points inquiry", "07": "signature",
        "10": "pre-authorisation", "11": "pre-authorisation cancel", "20": "completion", "21": "completion void",
        "22": "sale", "23": "void", "24": "completion advice", "25": "refund", "27": "electronic cash refund",
        "30": "offline settlement", "32": "adjustment", "34": "tip adjustment", "36": "offline chip sale",
        "45": "designated load", "46": "cash load", "47": "non-designated load", "48": "prepaid cash load",
        "49": "prepaid account load", "51": "void of a cash load", "53": "reservation void", "54": "reservation sale",
    ]

    static let function = [
        "000": "financial", "001": "sign-in, single-length keys", "002": "sign-off",
        "003": "sign-in, double-length keys", "004": "sign-in with track key", "005": "sign-in, SM4",
        "006": "sign-in, SM4 with track key", "201": "settlement and batch upload", "202": "batch end, totals differed",
        "203": "chip certificates, agreed", "204": "chip failures, agreed", "205": "chip certificates, differed",
        "206": "chip failures, differed", "207": "batch end, totals agreed", "301": "echo", "360": "parameters",
        "362": "status upload", "364": "management parameters", "370": "CA key download", "371": "CA key end",
        "372": "CA key query", "380": "application parameters download", "381": "application parameters end",
        "382": "application parameters query", "390": "blacklist", "391": "blacklist end",
        "394": "contactless parameters", "395": "contactless parameters end", "401": "cashier sign-in",
        "951": "script result",
    ]

    static let capability = ["0": "unknown", "2": "stripe", "5": "contact chip", "6": "contactless"]

    static let chipCondition = ["0": "unused", "1": "last chip transaction went well", "2": "fallback"]

    static let parameter = [
        "01": "keyboard", "02": "PIN pad", "03": "reader", "04": "printer", "05": "screen", "11": "application type",
        "12": "time-out in seconds", "13": "retries", "14": "phone 1", "15": "phone 2", "16": "phone 3",
        "17": "management phone", "18": "tip allowed", "19": "tip in per cent", "20": "manual entry",
        "21": "automatic sign-off", "22": "merchant name", "23": "resend count", "24": "offline upload mode",
        "25": "key index", "26": "supported transactions",
    ]
}
