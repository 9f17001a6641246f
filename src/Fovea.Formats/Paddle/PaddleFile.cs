using Fovea.Formats.PyTorch;
using Fovea.Formats.Storage;

namespace Fovea.Formats.Paddle;

/// <summary>State dicts that <c>paddle.save</c> wrote (<c>.pdparams</c>): one pickle of protocols 2 to 5, of numpy arrays by name.</summary>
/// <remarks>
/// Reading runs no code of the file, and refuses one that names anything but arrays and dictionaries. Element types become those of
/// <see cref="PyTorchFile"/>; uint16 are the bits of bfloat16.
/// </remarks>
internal static class PaddleFile
{
    internal const string Format = "Paddle (pickled arrays)";

    /// <summary>A pickle that does not begin as PyTorch's do.</summary>
    internal static bool Recognises(InputFile file) => PyTorchLegacy.IsPickle(file) && !PyTorchLegacy.Recognises(file);

    internal static WeightSet Read(InputFile file, string? key)
    {
        if (!PyTorchLegacy.IsPickle(file)) throw file.Fail("", $"begins with {Convert.ToHexString(file.Head(8))}; wanted a pickle that paddle.save wrote");
        var input = new PickleInput(file, 0, file.Length, "pickle");
        var root = new Unpickler(input, globals: NumpyGlobals.Find).Load();
        if (input.Position != file.Length) throw file.Fail("", $"has {file.Length - input.Position} bytes behind its pickle; wanted one pickle alone");
        var arrays = new ArrayStorages(file);
        root = arrays.Replace(root);
        return PyTorchFile.Read(file, new(Format, root, arrays.Read) { Writer = "paddle.save(model.state_dict(), FILE)", Notes = arrays.Notes }, key);
    }
}
