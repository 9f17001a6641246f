using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Cli.Tests.Commands;

/// <summary>A trained model in integers of 8 bits.</summary>
public sealed class QuantizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;
    private readonly string _run;

    public QuantizeTests()
    {
        _data = TinyData.Make(_folder, train: 16, validation: 8);
        _run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", _data, "--out", _run]).Code);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("row", "S0-17")]
    public void A_model_in_integers_is_written_with_what_each_convolution_lost()
    {
        var file = _folder.Path("m.fovea");
        var made = Shell.Run("quantize", _run, "-o", file, "--images", "20", "--max-drop", "100");
        Assert.Equal(0, made.Code);
        Assert.Contains("5 convolutions in integers, calibrated on 20 images; ", made.Out, StringComparison.Ordinal);
        Assert.Matches(@"\nconvolution +L1  relative L1  relative MSE +cosine\n", made.Out);
        Assert.Matches(@"\ntop-1 [01]\.\d{4} in float32, [01]\.\d{4} in integers \(fractions 0-1\), on 24 images\n", made.Out);
        var model = FoveaFile.Read(file);
        Assert.Equal(5, model.Weights.Values.Count(weight => weight.Type.DType == DType.Int8));
        Assert.Equal(5, model.Graph.Nodes.Count(node => node.Op is Quantize));
        var validated = Shell.Run("validate", "--model", file, "--data", _data, "--json");
        Assert.Equal(0, validated.Code);
        Assert.Equal(
            Shell.Run("quantize", _run, "-o", file, "--images", "20", "--max-drop", "100", "--json").Json.GetProperty("top1").GetDouble(),
            validated.Json.GetProperty("top1").GetDouble());
        Assert.Equal(0, Shell.Run("predict", "--model", file, Path.Combine(_data, "val", "red", "000.png")).Code);
    }

    [Theory]
    [InlineData("minmax")]
    [InlineData("percentile")]
    [InlineData("entropy")]
    [InlineData("mse")]
    [Trait("row", "S0-17")]
    public void Each_rule_of_ranges_stays_near_the_model(string range)
    {
        var layers = Shell.Run("quantize", _run, "-o", _folder.Path("m.fovea"), "--range", range, "--max-drop", "100", "--json").Json.GetProperty("layers");
        Assert.All(layers.EnumerateArray(), layer => Assert.InRange(layer.GetProperty("cosine").GetDouble(), 0.95, 1));
    }

    [Fact]
    public void What_is_kept_in_fractions_is_no_integer()
    {
        var file = _folder.Path("m.fovea");
        var made = Shell.Run("quantize", _run, "-o", file, "--keep", "stage0*", "--keep", "stages.0.*", "--for", "any", "--symmetric", "--per-tensor", "--max-drop", "100");
        Assert.Equal(0, made.Code);
        Assert.Contains("note: weights have 7 bits (−63 to 63), so that no sum overflows where there is no VNNI\n", made.Error, StringComparison.Ordinal);
        var model = FoveaFile.Read(file);
        Assert.InRange(model.Weights.Values.Count(weight => weight.Type.DType == DType.Int8), 1, 4);
        Assert.All(
            model.Weights.Values.Where(weight => weight.Type.DType == DType.Int8), weight => Assert.InRange(OracleTensor.From(weight).Elements.Max(Math.Abs), 1, 63));
    }

    [Fact]
    public void A_model_that_loses_too_much_is_not_written()
    {
        var (deployed, file) = (_folder.Path("d.fovea"), _folder.Path("m.fovea"));
        Assert.Equal(0, Shell.Run("deploy", _run, "-o", deployed).Code);
        Unbalance(deployed);
        Shell.Fails(2, "--max-drop is -1; wanted at least 0", "quantize", _run, "-o", file, "--max-drop", "-1");
        var made = Shell.Run("quantize", deployed, "--data", _data, "-o", file, "--range", "minmax", "--per-tensor");
        Assert.Equal(5, made.Code);
        Assert.Matches(@"m\.fovea: not written: top-1 drops by \d+\.\d\d points, from [01]\.\d{4} to [01]\.\d{4}; wanted at most 1 \(--max-drop\)\n$", made.Error);
        Assert.False(File.Exists(file));
    }

    /// <summary>Makes one channel of the first layer so large, and its readers so small, that the others vanish beside it in 8 bits; the function stays.</summary>
    private static void Unbalance(string file)
    {
        const float factor = 4096;
        var model = FoveaFile.Read(file);
        Node[] layers = [.. model.Graph.Nodes.Where(node => node.Op is Conv2d).Take(2)];
        var (first, second) = (model.Weights[layers[0].Inputs[1].Variable!.Label], model.Weights[layers[1].Inputs[1].Variable!.Label]);
        foreach (ref var weight in first.Floats[..(first.Floats.Length / first.Shape[0])]) weight *= factor;
        var bias = model.Graph.Nodes.First(node => node.Op is Add && node.Inputs[0] == layers[0].Result).Inputs[1].Node.Inputs[0].Variable!.Label;
        model.Weights[bias].Floats[0] *= factor;
        var (channels, taps) = (second.Shape[1], second.Shape[2] * second.Shape[3]);
        for (var filter = 0; filter < second.Shape[0]; filter++)
            foreach (ref var weight in second.Floats.Slice(filter * channels * taps, taps)) weight /= factor;
        FoveaFile.Write(file, model);
    }

    [Fact]
    public void What_is_in_integers_already_is_refused()
    {
        var file = _folder.Path("m.fovea");
        Assert.Equal(0, Shell.Run("quantize", _run, "-o", file, "--max-drop", "100").Code);
        Assert.Contains(
            "has no convolution that could be in integers",
            Shell.Run("quantize", file, "--data", _data, "-o", _folder.Path("again.fovea")).Error, StringComparison.Ordinal);
        Shell.Fails(
            2, "which data? wanted --data DATA, to calibrate with and to see what is lost; only a run says its own", "quantize", file, "-o", _folder.Path("again.fovea"));
    }
}
