using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public sealed class LowerPrecisionTests
{
    private const string Before = """
        graph "net"
        %0 = input "input" fill(0) : f32[2, 3, 4, 4]
        %1 = parameter "conv.weight" kaiming_fan_in : f32[5, 3, 3, 3]
        %2 = conv2d %0, %1 {stride=1x1 padding=1x1x1x1 dilation=1x1 groups=1} : f32[2, 5, 4, 4]
        %3 = relu %2 : f32[2, 5, 4, 4]
        %4 = avg_pool %3 {kernel=4x4 stride=1x1 padding=0x0x0x0 dilation=1x1 count_padding=true} : f32[2, 5, 1, 1]
        %5 = reshape %4 {shape=2x5} : f32[2, 5]
        %6 = parameter "fc.weight" fan_in_uniform : f32[7, 5]
        %7 = mat_mul %5, %6 {transpose_a=false transpose_b=true} : f32[2, 7]
        output "logits" %7

        """;

    private const string After = """
        graph "net"
        %0 = input "input" fill(0) : f32[2, 3, 4, 4]
        %1 = parameter "conv.weight" kaiming_fan_in : f32[5, 3, 3, 3]
        %2 = cast %0 {type=bf16} : bf16[2, 3, 4, 4]
        %3 = cast %1 {type=bf16} : bf16[5, 3, 3, 3]
        %4 = conv2d %2, %3 {stride=1x1 padding=1x1x1x1 dilation=1x1 groups=1} : bf16[2, 5, 4, 4]
        %5 = relu %4 : bf16[2, 5, 4, 4]
        %6 = avg_pool %5 {kernel=4x4 stride=1x1 padding=0x0x0x0 dilation=1x1 count_padding=true} : bf16[2, 5, 1, 1]
        %7 = cast %6 {type=f32} : f32[2, 5, 1, 1]
        %8 = reshape %7 {shape=2x5} : f32[2, 5]
        %9 = parameter "fc.weight" fan_in_uniform : f32[7, 5]
        %10 = mat_mul %8, %9 {transpose_a=false transpose_b=true} : f32[2, 7]
        output "logits" %10

        """;

    private const string Patches = """
        graph "tokens"
        %0 = input "input" fill(0) : f32[2, 1, 4, 2]
        %1 = affine %0 {alpha=2 beta=0} : f32[2, 1, 4, 2]
        %2 = reshape %1 {shape=4x4} : f32[4, 4]
        %3 = parameter "weight" fan_in_uniform : f32[6, 4]
        %4 = mat_mul %2, %3 {transpose_a=false transpose_b=true} : f32[4, 6]
        %5 = gelu %4 : f32[4, 6]
        %6 = reshape %5 {shape=2x12} : f32[2, 12]
        output "logits" %6

        """;

    private const string PatchesAfter = """
        graph "tokens"
        %0 = input "input" fill(0) : f32[2, 1, 4, 2]
        %1 = affine %0 {alpha=2 beta=0} : f32[2, 1, 4, 2]
        %2 = reshape %1 {shape=4x4} : f32[4, 4]
        %3 = parameter "weight" fan_in_uniform : f32[6, 4]
        %4 = cast %2 {type=bf16} : bf16[4, 4]
        %5 = cast %3 {type=bf16} : bf16[6, 4]
        %6 = mat_mul %4, %5 {transpose_a=false transpose_b=true} : bf16[4, 6]
        %7 = gelu %6 : bf16[4, 6]
        %8 = cast %7 {type=f32} : f32[4, 6]
        %9 = reshape %8 {shape=2x12} : f32[2, 12]
        output "logits" %9

        """;

    [Fact]
    public void Images_become_bf16_and_the_classifier_stays_f32() =>
        Assert.Equal(After, GraphPrinter.Print(new LowerPrecision().Apply(GraphParser.Parse(Before))));

    [Fact]
    public void Applying_it_twice_changes_nothing()
    {
        foreach (var graph in new[] { GraphParser.Parse(Before), GraphParser.Parse(Patches), Step(), TokenStep() })
        {
            var once = new LowerPrecision().Apply(graph);
            Assert.Equal(GraphPrinter.Print(once), GraphPrinter.Print(new LowerPrecision().Apply(once)));
        }
    }

    [Fact]
    public void It_settles_under_the_driver()
    {
        var rounds = new List<string>();
        new PassDriver((pass, graph) => rounds.Add($"{pass}\n{GraphPrinter.Print(graph)}")).Run(GraphParser.Parse(Before), new LowerPrecision());
        Assert.Equal([$"lower_precision\n{After}"], rounds);
        Assert.All([Step(), TokenStep()], graph => new PassDriver().Run(graph, new LowerPrecision()));
    }

    [Fact]
    public void A_product_of_patches_starts_it_without_a_convolution() =>
        Assert.Equal(PatchesAfter, GraphPrinter.Print(new LowerPrecision().Apply(GraphParser.Parse(Patches))));

    [Fact]
    public void Rows_of_features_and_what_no_image_reaches_stay_f32()
    {
        var graph = new Graph("features");
        Value Parameter(string label, params ReadOnlySpan<int> extents) => graph.Parameter(label, new Shape(extents), Initializer.KaimingFanIn);
        var features = graph.Input("input", TensorType.F32(2, 3, 4, 4)).Reshape(new Shape(2, 48)).MatMul(Parameter("hidden", 6, 48), transposeB: true);
        var table = graph.Constant(HostTensor.Filled(new Shape(9, 2), 0.5f)).MatMul(Parameter("table", 2, 6));
        graph.Output("logits", features.Relu().MatMul(table, transposeB: true));
        graph.Output("means", graph.Input("second", TensorType.F32(2, 3, 4, 4)).Mean(2, 3).MatMul(Parameter("head", 3, 3)));
        Assert.DoesNotContain(new LowerPrecision().Apply(graph).Nodes, node => node.Result.Type.DType == DType.BFloat16);
    }

    [Fact]
    public void Dropout_between_convolutions_of_an_inference_graph_is_bf16()
    {
        var graph = new Graph("wide");
        var w = graph.Parameter("weight", new Shape(3, 3, 1, 1), Initializer.KaimingFanIn);
        graph.Output("y", graph.Input("input", TensorType.F32(2, 3, 4, 4)).Conv2d(w, Window2d.Of()).Dropout(0.5).Conv2d(w, Window2d.Of()));
        var dropout = Assert.Single(new LowerPrecision().Apply(graph).Nodes, node => node.Op is Dropout);
        Assert.Equal(DType.BFloat16, dropout.Result.Type.DType);
    }

    [Fact]
    public void Auxiliary_logits_stay_f32_and_keep_their_weight()
    {
        var graph = GraphParser.Parse(Before);
        graph.Auxiliary("side", graph.Nodes[3].Result.Mean(2, 3), 0.3);
        graph.Auxiliary("image", graph.Nodes[3].Result, 0.2);
        var lowered = new PassDriver().Run(graph, new LowerPrecision());
        Assert.Equal(
            [("side", DType.Float32, 0.3), ("image", DType.Float32, 0.2)],
            lowered.Auxiliaries.Select(side => (side.Name, side.Value.Type.DType, side.LossWeight)));
    }

    [Fact]
    public void A_training_step_keeps_master_weights_statistics_loss_and_gradients_of_weights_in_f32()
    {
        var graph = new LowerPrecision().Apply(Step());
        Assert.All(graph.Updates, update => Assert.Equal(DType.Float32, update.Next.Type.DType));
        Assert.All(graph.Outputs, output => Assert.Equal(DType.Float32, output.Value.Type.DType));
        Assert.All(graph.Nodes.Where(node => node.Op is Conv2dWeightGradient), node => Assert.Equal(DType.Float32, node.Result.Type.DType));
        Assert.All(graph.Nodes.Where(node => node.Op is BatchNormTraining), node => Assert.Equal(DType.Float32, node.Results[1].Type.DType));
        Assert.All(graph.Nodes.Where(node => node.Op is Conv2d or Conv2dInputGradient), node => Assert.Equal(DType.BFloat16, node.Result.Type.DType));
    }

    [Fact]
    public void The_loss_stays_within_the_digits_of_bf16()
    {
        var (wide, low) = (Loss(Step()), Loss(new LowerPrecision().Apply(Step())));
        Assert.NotEqual(wide, low);
        Assert.Equal(wide, low, 0.03 * wide);
    }

    [Fact]
    public void Tokens_are_bf16_from_the_patches_to_the_classifier_but_parameters_tables_and_their_gradients_are_f32()
    {
        var graph = new LowerPrecision().Apply(TokenStep());
        DType[] Types<T>() => [.. graph.Nodes.Where(node => node.Op is T).Select(node => node.Result.Type.DType)];
        Assert.All(
            Types<LayerNorm>().Concat(Types<LayerNormGradient>()).Concat(Types<Softmax>()).Concat(Types<SoftmaxGradient>()),
            type => Assert.Equal(DType.BFloat16, type));
        Assert.All(Types<Gelu>().Concat(Types<RandomScale>()), type => Assert.Equal(DType.BFloat16, type));
        Assert.All(Types<Take>().Concat(Types<TakeGradient>()), type => Assert.Equal(DType.Float32, type));
        var products = graph.Nodes.Where(node => node.Op is MatMul).ToArray();
        Assert.All(products.Where(node => node.Result.Shape.Rank > 2), node => Assert.Equal(DType.BFloat16, node.Result.Type.DType));
        Assert.All(products.Where(node => node.Result.Shape == new Shape(8, 6)), node => Assert.Equal(DType.BFloat16, node.Result.Type.DType));
        var gradient = Assert.Single(products, node => node.Result.Shape == new Shape(6, 6));
        Assert.Equal((DType.BFloat16, DType.Float32), (gradient.Inputs[0].Type.DType, gradient.Result.Type.DType));
        Assert.All(products.Where(node => node.Result.Shape == new Shape(2, 5)), node => Assert.Equal(DType.Float32, node.Inputs[0].Type.DType));
        Assert.All(graph.Outputs, output => Assert.Equal(DType.Float32, output.Value.Type.DType));
        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(new LowerPrecision().Apply(graph)));
    }

    /// <summary>Patches, attention with a table of biases, a linear layer and the classifier, with the gradients of all parameters as outputs.</summary>
    private static Graph TokenStep()
    {
        var graph = new Graph("tokens");
        Value Parameter(string label, params ReadOnlySpan<int> extents) => graph.Parameter(label, new Shape(extents), Initializer.KaimingFanIn);
        var x = graph.Input("input", TensorType.F32(2, 3, 4, 4)).Conv2d(Parameter("patch", 6, 3, 2, 2), Window2d.Of(2));
        var tokens = x.Reshape(new Shape(2, 6, 4)).Transpose(0, 2, 1).Plus(Parameter("position", 1, 4, 6));
        var normal = tokens.LayerNorm(Parameter("gamma", 6), Parameter("beta", 6));
        var places = new HostTensor(new TensorType(DType.Int32, new Shape(4, 4)));
        var scores = normal.MatMul(normal, transposeB: true).Plus(Parameter("table", 9).Take(graph.Constant(places)));
        tokens = tokens.Plus(scores.Softmax().MatMul(normal).DropPath(0.5));
        var rows = tokens.Reshape(new Shape(8, 6)).MatMul(Parameter("linear", 6, 6), transposeB: true).Plus(Parameter("bias", 6)).Gelu();
        var first = rows.Reshape(new Shape(2, 4, 6)).Slice(1, 0, 1).Reshape(new Shape(2, 6));
        graph.Output("logits", first.MatMul(Parameter("head", 5, 6), transposeB: true));
        graph = new PassDriver().Run(graph, new EnterTraining());
        var loss = graph.Output("logits").SoftmaxCrossEntropy(graph.Input("target", new TensorType(DType.Int32, new Shape(2)))).Mean(0);
        var parameters = graph.Variables.Where(variable => variable.Variable!.Kind == VariableKind.Parameter).ToList();
        var gradients = Autodiff.Gradients(loss, parameters);
        for (var i = 0; i < parameters.Count; i++) graph.Output(parameters[i].Variable!.Label, gradients[i]!);
        return graph;
    }

    private static Graph Step()
    {
        var graph = new Graph("step");
        var s = new Scope(graph);
        var x = graph.Input("input", TensorType.F32(4, 3, 6, 6));
        var y = x.Conv2d(s["conv"].Parameter("weight", new Shape(8, 3, 3, 3), Initializer.KaimingFanIn), Window2d.Of(1, 1));
        var (g, b) = (s["bn"].Parameter("weight", new Shape(8), Initializer.Ones), s["bn"].Parameter("bias", new Shape(8), Initializer.Zeros));
        var (m, v) = (s["bn"].State("running_mean", new Shape(8), Initializer.Zeros), s["bn"].State("running_var", new Shape(8), Initializer.Ones));
        y = y.BatchNorm(g, b, m, v).Relu().Conv2d(s["conv2"].Parameter("weight", new Shape(5, 8, 1, 1), Initializer.KaimingFanIn), Window2d.Of());
        graph.Output("logits", y.GlobalAveragePool().Reshape(new Shape(4, 5)));
        graph = new PassDriver().Run(graph, new EnterTraining());
        var loss = graph.Output("logits").SoftmaxCrossEntropy(graph.Input("target", new TensorType(DType.Int32, new Shape(4)))).Mean(0);
        graph.Output("loss", loss);
        var weights = graph.Variables.Where(variable => variable.Variable!.Kind == VariableKind.Parameter).ToList();
        var gradients = Autodiff.Gradients(loss, weights);
        for (var i = 0; i < weights.Count; i++)
            graph.Update(weights[i], weights[i].Blend(gradients[i]!, 1, -0.1));
        return graph;
    }

    private static double Loss(Graph graph)
    {
        using var session = new ReferenceBackend().Open();
        using var step = session.Compile(graph, seed: 5);
        var images = step.Floats("input");
        for (var i = 0; i < images.Length; i++) images[i] = (float)new Philox(8, 1).Normal((ulong)i);
        for (var i = 0; i < 4; i++) step.Ints("target")[i] = i;
        step.Run();
        return step.Result("loss")[0];
    }
}
