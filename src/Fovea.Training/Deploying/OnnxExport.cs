using Fovea.Execution;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Graphs;

namespace Fovea.Training.Deploying;

/// <summary>Exports models as ONNX and leaves no file that does not compute what the model does.</summary>
public static class OnnxExport
{
    /// <summary>
    /// Writes the model, reads it back, compares the logits of both on drawn images, and only then gives the file its name. The parity figures
    /// are kept in the file's <c>metadata_props</c> as <c>fovea.parity</c>, name, classes and preprocessing as <see cref="OnnxWriteOptions.Card"/>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="backend">What runs both.</param>
    /// <param name="options">Sizes and tolerance; the defaults if null.</param>
    /// <returns>The figures. Where <see cref="ExportParity.Passed"/> is false no file was written, and what was there before is untouched.</returns>
    /// <exception cref="ModelFormatException">The model has an operation that ONNX lacks, or the written file does not read back as it was.</exception>
    /// <exception cref="NonFiniteException">The model computes NaN or infinity.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ExportParity Write(string path, FoveaModel model, IBackend backend, OnnxExportOptions? options = null)
    {
        options ??= new();
        var write = new OnnxWriteOptions { Card = model.Card, OpenImageSize = options.OpenImageSize, ProducerVersion = model.ToolVersion };
        var read = new OnnxReadOptions { Batch = options.Images, Height = model.Card.Input.Height, Width = model.Card.Input.Width };
        using var draft = new MemoryStream();
        OnnxFile.Write(draft, model.Graph, model.Weights, write);
        draft.Position = 0;
        var back = OnnxFile.Read(draft, path, read);
        var parity = ModelParity.Compare((model.GraphFor(options.Images), model.Weights), (back.Graph, back.Weights), backend, options);
        if (!parity.Passed) return parity;

        write = write with { Metadata = [new("fovea.parity", ParityFigures.Of(parity))] };
        AtomicFile.Write(
            path,
            stream => OnnxFile.Write(stream, model.Graph, model.Weights, write),
            temporary => CheckSame(path, back, OnnxFile.Read(temporary, read)));
        return parity;
    }

    /// <summary>The file on the disk has to be what was compared.</summary>
    private static void CheckSame(string path, OnnxModel compared, OnnxModel written)
    {
        if (GraphPrinter.Print(compared.Graph) != GraphPrinter.Print(written.Graph))
            throw new ModelFormatException(path, "graph", "does not read back as it was written");
        foreach (var (name, tensor) in compared.Weights)
            if (!written.Weights.TryGetValue(name, out var again) || !again.Bytes.SequenceEqual(tensor.Bytes))
                throw new ModelFormatException(path, name, "does not read back as it was written");
    }
}
