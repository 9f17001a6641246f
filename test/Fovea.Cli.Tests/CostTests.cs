namespace Fovea.Cli.Tests;

public class CostTests
{
    /// <summary>The published table of small RepVGG variants.</summary>
    private static readonly (string Model, string Params, string Memory, string Flops)[] s_published =
    [
        ("repvgg_a0", "7.142M", "2261.25", "202.337M"),
        ("repvgg_n0", "9.784M", "1192.5", "268.466M"),
        ("repvgg_n1", "621.369K", "245.4375", "67.117M"),
        ("repvgg_n2", "2.459M", "490.875", "134.233M"),
        ("repvgg_n3", "877.113K", "328.5", "67.540M"),
        ("repvgg_n4", "2.777M", "616.5", "134.515M"),
        ("repvgg_m0", "4.768M", "2344.5", "252.956M"),
        ("repvgg_m1", "17.740M", "14501.25", "191.220M"),
    ];

    [Fact]
    public void Table_of_small_variants_is_printed_to_the_last_digit()
    {
        var shell = Shell.Run(["cost", .. s_published.Select(row => row.Model), "--classes", "89", "--image-size", "112", "--deploy"]);
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        foreach (var (model, parameters, memory, flops) in s_published)
        {
            var row = shell.Out.Split('\n').Single(line => line.StartsWith(model + " ", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal((parameters, memory, flops), (row[1], row[6], row[^1]));
        }
    }

    [Fact]
    public void Json_lists_exact_counts_and_layers_that_sum_to_them()
    {
        var model = Shell.Run("cost", "resnet18", "--layers", "--json").Json.GetProperty("models")[0];
        Assert.Equal("resnet18", model.GetProperty("model").GetString());
        Assert.Equal(11_689_512, model.GetProperty("params").GetInt64());
        Assert.Equal(11_699_112, model.GetProperty("params_with_bn_statistics").GetInt64());
        Assert.Equal(1_814_073_344, model.GetProperty("macs").GetInt64());
        Assert.Equal(1_814_073_344, model.GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty("macs").GetInt64()));
        var largest = model.GetProperty("layers").EnumerateArray().Where(layer => layer.TryGetProperty("memory_kib", out _))
            .MaxBy(layer => layer.GetProperty("memory_kib").GetDouble());
        Assert.Equal(model.GetProperty("max_memory_layer").GetString(), largest.GetProperty("path").GetString());
        Assert.Equal(model.GetProperty("max_memory_kib").GetDouble(), largest.GetProperty("memory_kib").GetDouble());
    }

    [Fact]
    public void Free_form_takes_blocks_and_widths_of_its_stages()
    {
        string[] free = ["repvgg", "--num-blocks", "2,4,14,1", "--width-multiplier", "[0.25, 0.25, 0.25, 1]"];
        var cost = Shell.Run(["cost", .. free, "--classes", "89", "--image-size", "112", "--deploy", "--json"]).Json.GetProperty("models")[0];
        var named = Shell.Run("cost", "repvgg_n3", "--deploy", "--json").Json.GetProperty("models")[0];
        Assert.Equal(named.GetProperty("params").GetInt64(), cost.GetProperty("params").GetInt64());
        Assert.Equal(named.GetProperty("macs").GetInt64(), cost.GetProperty("macs").GetInt64());
        string[] tiny = ["repvgg", "--num-blocks", "1,1,1,1", "--width-multiplier", "0.25,0.125,0.125,0.0625", "--image-size", "32", "--classes", "3"];
        Assert.Equal(0, Shell.Run(["explain", .. tiny, "--deploy"]).Code);
        Assert.Equal(0, Shell.Run(["bench", "train", .. tiny, "--steps", "1", "--batch", "2"]).Code);
        Assert.Equal(0, Shell.Run(["bench", "infer", .. tiny, "--steps", "1"]).Code);
        Shell.Fails(
            2, "--num-blocks is '2,x'; wanted whole numbers with commas between them, as in --num-blocks 2,4,14,1", "cost", "repvgg", "--num-blocks", "2,x");
        Shell.Fails(
            2, "resnet18: num_blocks and width_multiplier are fixed in this model; a free form, as 'repvgg', takes them", "cost", "resnet18", "--num-blocks",
            "1,1,1,1");
    }

    [Theory]
    [InlineData(11_689_512 - (2 * 64 * 7 * 7), "resnet18", "--input-channels", "1")]
    [InlineData(11_689_512 - (990 * 513), "resnet18", "--classes", "10")]
    [InlineData(55_856_330, "cifar_wideresnet", "--depth", "40", "--width-factor", "10")]
    public void Flags_choose_channels_classes_depth_and_width(long parameters, params string[] model) =>
        Assert.Equal(parameters, Shell.Run(["cost", .. model, "--json"]).Json.GetProperty("models")[0].GetProperty("params").GetInt64());

    [Fact]
    public void Cost_refuses_what_the_model_has_not()
    {
        Shell.Fails(
            2, "resnet18: depth and width_factor are fixed in this model; the model 'cifar_wideresnet' takes them", "cost", "resnet18", "--depth", "34");
        Shell.Fails(2, "resnet18: input_channels is 0; wanted at least 1", "cost", "resnet18", "--input-channels", "0");
    }

    [Fact]
    public void Cost_wants_a_model() => Shell.Fails(2, "'fovea cost' wants MODEL; see 'fovea cost --help'", "cost");
}
