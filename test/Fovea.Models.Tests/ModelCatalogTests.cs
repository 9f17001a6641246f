using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Tests;

public class ModelCatalogTests
{
    public static TheoryData<string> Names() => [.. ModelCatalog.All.Select(row => row.Name)];

    public static TheoryData<string> NamesThatNeedMoreThanAPixel() =>
        [.. ModelCatalog.All.Where(row => row.SmallestImageSize(Options(row.Name) with { Classes = 2 }) > 1).Select(row => row.Name)];

    [Fact]
    public void Every_name_is_there_once() => Assert.Distinct(ModelCatalog.All.SelectMany(row => row.Aliases.Append(row.Name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_takes_any_classes_any_channels_and_odd_sizes(string name)
    {
        var options = Options(name) with { Classes = 7, InputChannels = 1 };
        var size = Math.Max(ModelCatalog.Find(name).SmallestImageSize(options), AnOddSize(name));
        var graph = ModelCatalog.Build(name, options with { ImageSize = size }, batch: 5);
        Assert.Equal(TensorType.F32(5, 1, size, size), graph.Variable("input").Type);
        Assert.Equal(TensorType.F32(5, 7), graph.Output("logits").Type);
        Verifier.Verify(graph);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_takes_its_smallest_image(string name)
    {
        var (row, options) = (ModelCatalog.Find(name), Options(name) with { Classes = 2 });
        var smallest = row.SmallestImageSize(options);
        Assert.InRange(smallest, 1, row.ImageSize);
        Assert.Equal(TensorType.F32(1, 2), row.Build(options with { ImageSize = smallest }).Output("logits").Type);
    }

    [Theory]
    [MemberData(nameof(NamesThatNeedMoreThanAPixel))]
    public void Model_names_a_layer_below_its_smallest_image(string name)
    {
        var (row, options) = (ModelCatalog.Find(name), Options(name) with { Classes = 2 });
        var smallest = row.SmallestImageSize(options);
        var below = Math.Max(1, smallest - row.ImageSizeStep);
        var message = Assert.Throws<ShapeException>(() => row.Build(options with { ImageSize = below })).Message;
        Assert.Matches($"^{name} at image size {below}: .+ \\(.+\\): .+; the smallest size is {smallest}", message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_uses_every_tensor_that_it_declares_but_those_that_its_row_names(string name)
    {
        var graph = ModelCatalog.Build(name, Options(name));
        Assert.Equal(ModelCatalog.Find(name).UnusedTensors, graph.Variables.Where(value => value.Uses == 0).Select(value => value.Variable!.Label));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Row_says_how_images_reach_the_model(string name)
    {
        var row = ModelCatalog.Find(name);
        row.Preprocessing.Validate();
        Assert.InRange(row.Preprocessing.CropFraction, 0.5, 1);
        Assert.Matches("^(arXiv|doi|https):", row.Paper);
        Assert.NotEmpty(row.Licence);
    }

    [Fact]
    public void Free_form_with_the_numbers_of_a_variant_is_that_variant()
    {
        var options = new ModelOptions { NumBlocks = [2, 4, 14, 1], WidthMultiplier = [0.25, 0.25, 0.25, 1.0], Classes = 89, ImageSize = 112 };
        var free = ModelCatalog.Build("repvgg", options);
        var named = ModelCatalog.Build("repvgg_n3");
        Assert.Equal(Lines(named), Lines(free));
    }

    [Fact]
    public void Drop_rate_puts_dropout_before_the_classifier()
    {
        var graph = ModelCatalog.Build("resnet20", new ModelOptions { DropRate = 0.25 });
        Assert.Equal(new Dropout(0.25), Assert.Single(graph.Nodes, node => node.Op is Dropout).Op);
        Assert.DoesNotContain(ModelCatalog.Build("resnet20").Nodes, node => node.Op is Dropout);
        Assert.DoesNotContain(ModelCatalog.Build("cifar_inceptionv3", new ModelOptions { DropRate = 0 }).Nodes, node => node.Op is Dropout);
    }

    [Fact]
    public void Unknown_name_is_answered_with_the_nearest() =>
        Assert.Contains("'repvgg_b1g4'", Assert.Throws<ModelException>(() => ModelCatalog.Find("repvg_b1g4")).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_out_of_range_are_refused_with_value_and_range()
    {
        Refused("resnet20: classes is 0; wanted at least 1", "resnet20", new ModelOptions { Classes = 0 });
        Refused("resnet20: image_size is 0; wanted at least 1", "resnet20", new ModelOptions { ImageSize = 0 });
        Refused("resnet20: input_channels is 0; wanted at least 1", "resnet20", new ModelOptions { InputChannels = 0 });
        Refused("resnet20: drop_rate is 1; wanted at least 0 and below 1", "resnet20", new ModelOptions { DropRate = 1 });
        Refused("num_blocks has 3 numbers; wanted 4", "repvgg", new ModelOptions { NumBlocks = [1, 2, 3], WidthMultiplier = [1, 1, 1, 1] });
        Refused("width_multiplier is not given; wanted 4", "repvgg", new ModelOptions { NumBlocks = [1, 1, 1, 1] });
        Refused("num_blocks is [1, 0, 1, 1]; wanted at least 1", "repvgg", new() { NumBlocks = [1, 0, 1, 1], WidthMultiplier = [1, 1, 1, 1] });
        Refused("width_multiplier is [1, 0, 1, 1]; wanted at least 1/64", "repvgg", new() { NumBlocks = [1, 1, 1, 1], WidthMultiplier = [1, 0, 1, 1] });
        Refused("a free form, as 'repvgg', takes them", "repvgg_a0", new ModelOptions { NumBlocks = [1, 1, 1, 1] });
    }

    [Fact]
    public void Batch_below_one_is_refused() =>
        Assert.Equal("resnet20: batch is 0; wanted at least 1", Assert.Throws<ModelException>(() => ModelCatalog.Build("resnet20", batch: 0)).Message);

    [Fact]
    public void Image_that_is_too_small_is_refused_with_layer_and_smallest_size()
    {
        Value Build(Scope s, Value x, ModelOptions options) =>
            x.Conv(s["first"], 4, kernel: 5, padding: 0).Conv(s["second"], 4, kernel: 7, padding: 0).Classifier(s["fc"], options);
        var row = new ModelRow("tiny", "tiny", Build) { Paper = "", Licence = "" };
        var message = Assert.Throws<ShapeException>(() => row.Build(new ModelOptions { ImageSize = 9 })).Message;
        Assert.StartsWith("tiny at image size 9: second (conv2d): ", message, StringComparison.Ordinal);
        Assert.EndsWith("the smallest size is 11", message, StringComparison.Ordinal);
        Assert.Equal(TensorType.F32(1, 1000), row.Build(new ModelOptions { ImageSize = 11 }).Output("logits").Type);
        Assert.Equal(11, row.SmallestImageSize());
    }

    [Fact]
    public void Image_that_is_no_multiple_of_the_step_is_refused_with_layer_and_step()
    {
        Value Build(Scope s, Value x, ModelOptions options) => x.Reshape(new Shape(1, 12, x.Shape.H / 4, x.Shape.W)).Classifier(s["fc"], options);
        var row = new ModelRow("tiny", "tiny", Build) { Paper = "", Licence = "", ImageSizeStep = 4 };
        Assert.Equal(4, row.SmallestImageSize());
        var message = Assert.Throws<ShapeException>(() => row.Build(new ModelOptions { ImageSize = 9 })).Message;
        Assert.EndsWith("the smallest size is 4, and others are multiples of 4", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Initializers_are_those_of_the_references()
    {
        Assert.Equal("kaiming_fan_out", Initial("resnet18", "conv1.weight"));
        Assert.Equal("fan_in_uniform", Initial("resnet18", "fc.weight"));
        Assert.Equal(new Initializer.Uniform(1 / Math.Sqrt(512)).ToString(), Initial("resnet18", "fc.bias"));
        Assert.Equal("kaiming_fan_in", Initial("resnet20", "layer1.0.conv1.weight"));
        Assert.Equal("kaiming_fan_in", Initial("resnet20", "linear.weight"));
        Assert.Equal(new Initializer.Normal(Math.Sqrt(2.0 / (9 * 128 / 4))).ToString(), Initial("repvgg_b1g4", "stages.0.1.conv_kxk.conv.weight"));
        Assert.Equal("normal(0.1;0.1)", Initial("repvgg_a0", "stem.conv_1x1.bn.weight"));
        Assert.Equal("normal(0.01)", Initial("repvgg_a0", "head.fc.weight"));
    }

    private static ModelOptions Options(string name) => ModelCatalog.Find(name).IsFreeForm
        ? new ModelOptions { NumBlocks = [1, 2, 1, 1], WidthMultiplier = [0.25, 0.25, 0.5, 0.5] }
        : new ModelOptions();

    /// <summary>33, or the next multiple of the row's step.</summary>
    private static int AnOddSize(string name)
    {
        var step = ModelCatalog.Find(name).ImageSizeStep;
        return (33 + step - 1) / step * step;
    }

    private static string Initial(string model, string label) => ModelCatalog.Build(model).Variable(label).Variable!.Initial.ToString()!;

    private static void Refused(string message, string model, ModelOptions options) =>
        Assert.Contains(message, Assert.Throws<ModelException>(() => ModelCatalog.Build(model, options)).Message, StringComparison.Ordinal);

    private static IEnumerable<string> Lines(Graph graph) => GraphPrinter.Print(graph).Split('\n').Skip(1);
}
