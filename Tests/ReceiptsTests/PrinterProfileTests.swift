import HAL
import Testing

struct PrinterProfileTests {
    @Test func `every profile is named once and can print a receipt`() {
        #expect(Set(PrinterProfile.library.map(\.name)).count == PrinterProfile.library.count)
        for profile in PrinterProfile.library {
            #expect(PrinterProfile.named(profile.name) == profile)
            #expect((24...64).contains(profile.columns) && profile.columns * 12 <= profile.dots, "\(profile.name)")
        }
        #expect(PrinterProfile.named("nowhere") == nil)
    }

    @Test(arguments: [
        ("MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;DES:EPSON TM-T88V;CID:EpsonTM;", "epson-tm-t88"),
        ("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;", "epson-tm-t20"),
        ("MANUFACTURER:EPSON;COMMAND SET:ESC/POS;MODEL:TM-m30II;", "epson-tm-m30"),
        ("MFG:Xprinter;MDL:XP-58IIH;CMD:ESC/POS;", "xprinter-xp-58"), ("mfg: XPRINTER ;mdl:XP-80C;", "xprinter-xp-80"),
        ("MFG:Gprinter;MDL:GP-L80180I;", "gprinter-80"), ("MFG:BIXOLON;MDL:SRP-350III;", "bixolon-srp-350"),
        ("MFG:Star;MDL:TSP143 (STR_T-001);CMD:STAR;", nil),
        ("MFG:STMicroelectronics;MDL:POS58 Printer USB;", "chinese-58"),
        ("MFG:HP;MDL:LaserJet 4;CMD:PCL;", nil), ("", nil), ("MFG", nil), ("MFG:;MDL:;", nil), (";;:::;", nil),
        ("MFG:\u{1B}EPSON;MDL:TM-T88\u{0}IV;", "epson-tm-t88"),
    ])
    func `a printer is known by its device id`(id: String, name: String?) {
        #expect(PrinterProfile.matching(deviceID: id)?.name == name)
    }

    @Test func `a device id has limits`() {
        let long = String(repeating: "X:1;", count: 100_000) + "MFG:EPSON;MDL:TM-T88V;"
        #expect(PrinterDeviceID(long) == PrinterDeviceID(""))
        let id = PrinterDeviceID("MFG:A;MFG:B;MDL:C:D;CMD: ESC/POS , STAR ;x;:y;")
        #expect(id.manufacturer == "A" && id.model == "C:D" && id.commandSet == "ESC/POS , STAR")
    }
}
