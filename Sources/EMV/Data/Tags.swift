public import Wire

/// The tags by their names (EMV 4.4 Book 3, Annex B; `DataDictionary` tells more of each).
extension TLV.Tag {
    /// 4F.
    public static let aid: TLV.Tag = 0x4F
    /// 50.
    public static let applicationLabel: TLV.Tag = 0x50
    /// 57.
    public static let track2: TLV.Tag = 0x57
    /// 5A.
    public static let pan: TLV.Tag = 0x5A
    /// 61.
    public static let applicationTemplate: TLV.Tag = 0x61
    /// 6F.
    public static let fciTemplate: TLV.Tag = 0x6F
    /// 70.
    public static let record: TLV.Tag = 0x70
    /// 71.
    public static let script71: TLV.Tag = 0x71
    /// 72.
    public static let script72: TLV.Tag = 0x72
    /// 73.
    public static let directoryDiscretionary: TLV.Tag = 0x73
    /// 77.
    public static let responseFormat2: TLV.Tag = 0x77
    /// 80.
    public static let responseFormat1: TLV.Tag = 0x80
    /// 81.
    public static let amountBinary: TLV.Tag = 0x81
    /// 82.
    public static let aip: TLV.Tag = 0x82
    /// 83.
    public static let commandTemplate: TLV.Tag = 0x83
    /// 84.
    public static let dedicatedFileName: TLV.Tag = 0x84
    /// 86.
    public static let scriptCommand: TLV.Tag = 0x86
    /// 87.
    public static let applicationPriority: TLV.Tag = 0x87
    /// 88.
    public static let shortFileIdentifier: TLV.Tag = 0x88
    /// 89.
    public static let authorizationCode: TLV.Tag = 0x89
    /// 8A.
    public static let authorizationResponseCode: TLV.Tag = 0x8A
    /// 8C.
    public static let cdol1: TLV.Tag = 0x8C
    /// 8D.
    public static let cdol2: TLV.Tag = 0x8D
    /// 8E.
    public static let cvmList: TLV.Tag = 0x8E
    /// 8F.
    public static let caIndex: TLV.Tag = 0x8F
    /// 90.
    public static let issuerCertificate: TLV.Tag = 0x90
    /// 91.
    public static let issuerAuthenticationData: TLV.Tag = 0x91
    /// 92.
    public static let issuerRemainder: TLV.Tag = 0x92
    /// 93.
    public static let signedStaticData: TLV.Tag = 0x93
    /// 94.
    public static let afl: TLV.Tag = 0x94
    /// 95.
    public static let tvr: TLV.Tag = 0x95
    /// 97.
    public static let tdol: TLV.Tag = 0x97
    /// 98.
    public static let tcHash: TLV.Tag = 0x98
    /// 9A.
    public static let transactionDate: TLV.Tag = 0x9A
    /// 9B.
    public static let tsi: TLV.Tag = 0x9B
    /// 9C.
    public static let transactionType: TLV.Tag = 0x9C
    /// 9D.
    public static let ddfName: TLV.Tag = 0x9D
    /// A5.
    public static let fciProprietary: TLV.Tag = 0xA5
    /// BF0C.
    public static let fciDiscretionary: TLV.Tag = 0xBF0C
    /// 5F20.
    public static let cardholderName: TLV.Tag = 0x5F20
    /// 5F24.
    public static let expirationDate: TLV.Tag = 0x5F24
    /// 5F25.
    public static let effectiveDate: TLV.Tag = 0x5F25
    /// 5F28.
    public static let issuerCountry: TLV.Tag = 0x5F28
    /// 5F2A.
    public static let transactionCurrency: TLV.Tag = 0x5F2A
    /// 5F2D.
    public static let languagePreference: TLV.Tag = 0x5F2D
    /// 5F30.
    public static let serviceCode: TLV.Tag = 0x5F30
    /// 5F34.
    public static let panSequenceNumber: TLV.Tag = 0x5F34
    /// 5F36.
    public static let transactionCurrencyExponent: TLV.Tag = 0x5F36
    /// 9F01.
    public static let acquirerIdentifier: TLV.Tag = 0x9F01
    /// 9F02.
    public static let amount: TLV.Tag = 0x9F02
    /// 9F03.
    public static let otherAmount: TLV.Tag = 0x9F03
    /// 9F04.
    public static let otherAmountBinary: TLV.Tag = 0x9F04
    /// 9F06.
    public static let terminalAID: TLV.Tag = 0x9F06
    /// 9F07.
    public static let usageControl: TLV.Tag = 0x9F07
    /// 9F08.
    public static let cardVersion: TLV.Tag = 0x9F08
    /// 9F09.
    public static let terminalVersion: TLV.Tag = 0x9F09
    /// 9F0D.
    public static let iacDefault: TLV.Tag = 0x9F0D
    /// 9F0E.
    public static let iacDenial: TLV.Tag = 0x9F0E
    /// 9F0F.
    public static let iacOnline: TLV.Tag = 0x9F0F
    /// 9F10.
    public static let issuerApplicationData: TLV.Tag = 0x9F10
    /// 9F11.
    public static let issuerCodeTable: TLV.Tag = 0x9F11
    /// 9F12.
    public static let preferredName: TLV.Tag = 0x9F12
    /// 9F13.
    public static let lastOnlineATC: TLV.Tag = 0x9F13
    /// 9F14.
    public static let lowerOfflineLimit: TLV.Tag = 0x9F14
    /// 9F15.
    public static let merchantCategory: TLV.Tag = 0x9F15
    /// 9F16.
    public static let merchantIdentifier: TLV.Tag = 0x9F16
    /// 9F17.
    public static let pinTryCounter: TLV.Tag = 0x9F17
    /// 9F18.
    public static let scriptIdentifier: TLV.Tag = 0x9F18
    /// 9F1A.
    public static let terminalCountry: TLV.Tag = 0x9F1A
    /// 9F1B.
    public static let floorLimit: TLV.Tag = 0x9F1B
    /// 9F1C.
    public static let terminalIdentification: TLV.Tag = 0x9F1C
    /// 9F1D.
    public static let riskManagementData: TLV.Tag = 0x9F1D
    /// 9F1E.
    public static let deviceSerialNumber: TLV.Tag = 0x9F1E
    /// 9F1F.
    public static let track1DiscretionaryData: TLV.Tag = 0x9F1F
    /// 9F20.
    public static let track2DiscretionaryData: TLV.Tag = 0x9F20
    /// 9F21.
    public static let transactionTime: TLV.Tag = 0x9F21
    /// 9F22.
    public static let terminalCAIndex: TLV.Tag = 0x9F22
    /// 9F23.
    public static let upperOfflineLimit: TLV.Tag = 0x9F23
    /// 9F26.
    public static let cryptogram: TLV.Tag = 0x9F26
    /// 9F27.
    public static let cryptogramInformation: TLV.Tag = 0x9F27
    /// 9F29.
    public static let extendedSelection: TLV.Tag = 0x9F29
    /// 9F2A.
    public static let kernelIdentifier: TLV.Tag = 0x9F2A
    /// 9F2D.
    public static let pinCertificate: TLV.Tag = 0x9F2D
    /// 9F2E.
    public static let pinExponent: TLV.Tag = 0x9F2E
    /// 9F2F.
    public static let pinRemainder: TLV.Tag = 0x9F2F
    /// 9F32.
    public static let issuerExponent: TLV.Tag = 0x9F32
    /// 9F33.
    public static let terminalCapabilities: TLV.Tag = 0x9F33
    /// 9F34.
    public static let cvmResults: TLV.Tag = 0x9F34
    /// 9F35.
    public static let terminalType: TLV.Tag = 0x9F35
    /// 9F36.
    public static let atc: TLV.Tag = 0x9F36
    /// 9F37.
    public static let unpredictableNumber: TLV.Tag = 0x9F37
    /// 9F38.
    public static let pdol: TLV.Tag = 0x9F38
    /// 9F39.
    public static let posEntryMode: TLV.Tag = 0x9F39
    /// 9F40.
    public static let additionalCapabilities: TLV.Tag = 0x9F40
    /// 9F41.
    public static let sequenceCounter: TLV.Tag = 0x9F41
    /// 9F42.
    public static let applicationCurrency: TLV.Tag = 0x9F42
    /// 9F45.
    public static let dataAuthenticationCode: TLV.Tag = 0x9F45
    /// 9F46.
    public static let iccCertificate: TLV.Tag = 0x9F46
    /// 9F47.
    public static let iccExponent: TLV.Tag = 0x9F47
    /// 9F48.
    public static let iccRemainder: TLV.Tag = 0x9F48
    /// 9F49.
    public static let ddol: TLV.Tag = 0x9F49
    /// 9F4A.
    public static let sdaTagList: TLV.Tag = 0x9F4A
    /// 9F4B.
    public static let signedDynamicData: TLV.Tag = 0x9F4B
    /// 9F4C.
    public static let iccDynamicNumber: TLV.Tag = 0x9F4C
    /// 9F4E.
    public static let merchantName: TLV.Tag = 0x9F4E
    /// 9F51, data recovery list (Book C-2).
    public static let drdol: TLV.Tag = 0x9F51
    /// 9F5B.
    public static let scriptResults: TLV.Tag = 0x9F5B
    /// 9F63, UnionPay.
    public static let productIdentification: TLV.Tag = 0x9F63
    /// 9F66.
    public static let terminalTransactionQualifiers: TLV.Tag = 0x9F66
    /// 9F69.
    public static let cardAuthenticationData: TLV.Tag = 0x9F69
    /// 9F6C.
    public static let cardTransactionQualifiers: TLV.Tag = 0x9F6C
    /// 9F6E, third party data (Book C-2).
    public static let thirdPartyData: TLV.Tag = 0x9F6E
    /// 9F7E, mobile support indicator (Book C-2).
    public static let mobileSupport: TLV.Tag = 0x9F7E
    /// DF4B, POS cardholder interaction information (Book C-2).
    public static let cardholderInteraction: TLV.Tag = 0xDF4B
    /// DF31, UnionPay.
    public static let unionPayScriptResults: TLV.Tag = 0xDF31
}
