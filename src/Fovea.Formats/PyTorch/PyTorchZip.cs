using System.Text;
using Fovea.Formats.Storage;
using Fovea.Formats.Zip;

namespace Fovea.Formats.PyTorch;

/// <summary>The layout since PyTorch 1.6: a zip file with <c>data.pkl</c>, a record <c>data/KEY</c> for each storage, and small facts.</summary>
internal static class PyTorchZip
{
    internal const string Format = "PyTorch (zip)";

    internal static bool Recognises(InputFile file) => ZipDirectory.Recognises(file);

    internal static PyTorchArchive Read(InputFile file)
    {
        var zip = ZipDirectory.Read(file);
        var pickle = zip.Records.FirstOrDefault(record => record.Name.EndsWith("/data.pkl", StringComparison.Ordinal) && record.Name.Count(c => c == '/') == 1)
            ?? throw file.Fail("", "is a zip file without a record '*/data.pkl'; wanted one that torch.save wrote");
        var root = pickle.Name[..^"data.pkl".Length];
        if (zip.Find($"{root}constants.pkl") is not null)
            throw file.Fail("", "is a TorchScript program; wanted a state dict: torch.save(torch.jit.load(FILE).state_dict(), NEW_FILE)");
        CheckByteOrder(file, zip, $"{root}byteorder");
        zip.Check(pickle);
        var begin = zip.Locate(pickle);
        var value = new Unpickler(new PickleInput(file, begin, begin + pickle.Size, pickle.Name)).Load();
        return new(Format, value, storage => ReadStorage(file, zip, $"{root}data/{storage.Key}", storage));
    }

    private static void CheckByteOrder(InputFile file, ZipDirectory zip, string name)
    {
        if (zip.Find(name) is not { } record) return;   // PyTorch before 2.1 wrote none
        if (record.Size > 16 || Encoding.ASCII.GetString(zip.Read(record)) is var order && order != "little")
            throw file.Fail($"record '{name}'", "does not say 'little'; weights in big-endian byte order are not read");
    }

    private static byte[] ReadStorage(InputFile file, ZipDirectory zip, string name, PickleStorage storage)
    {
        var record = zip.Find(name) ?? throw file.Fail($"record '{name}'", "is missing from the zip file, but a tensor is in it");
        var wanted = (Int128)storage.Elements * storage.Type.ElementBytes;
        if (record.Size != wanted)
            throw file.Fail($"record '{name}'", $"has {record.Size} bytes; {storage.Elements} elements of torch.{storage.Type.Name} take {wanted}");
        return zip.Read(record);
    }
}
