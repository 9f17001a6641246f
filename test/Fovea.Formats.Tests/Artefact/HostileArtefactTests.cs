using Fovea.Formats.Artefact;
using Fovea.Formats.Checksums;
using Fovea.Formats.Safetensors;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Artefact;

/// <summary>Artefacts whose checksum is right and whose content is not.</summary>
public sealed class HostileArtefactTests
{
    private const string Right = "graph \"m\"\n%0 = input \"input\" fill(0) : f32[1, 1, 2, 2]\n%1 = reshape %0 {shape=1x4} : f32[1, 4]\n";
    private const string Out = "output \"logits\" %1\n";

    [Theory]
    [InlineData("second_slice_far.fovea", "graph: line 5: [1, 4, 1073741824, 1073741824] is too large")]
    [InlineData("second_input_plain.fovea", "graph: has a second input 'evil' f32[1, 1, 1, 4], which nothing would feed; wanted 'input' alone")]
    [InlineData("gap_wrap.fovea", "graph: line 6: broadcast: shape: [1, 4, 2147483647, 2147483647] is too large")]
    [InlineData("bcast_2_64.fovea", "graph: line 6: broadcast: shape: [1, 4, 1073741824, 1073741824] is too large")]
    public void Graph_whose_sizes_wrap_or_that_nothing_feeds_is_refused(string file, string message)
    {
        var failure = Assert.Throws<ModelFormatException>(() => FoveaFile.Read(Fixtures.Path("cases", "fovea", file)));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%2 = parameter \"w\" fill(0) : f32[1]\n", "w: the weight is missing; wanted f32[1]")]
    [InlineData("%2 = slot \"s\" fill(0) : f32[1]\n", "s: is a slot, which only training has")]
    [InlineData("%2 = state \"s\" fill(0) : f32[1]\n%3 = affine %2 {alpha=2 beta=0} : f32[1]\nupdate %2 %3\n", "s: the weight is missing")]
    [InlineData(
        "%2 = transpose %0 {order=1x0x2x3} : f32[1, 1, 2, 2]\n%3 = reduce %0 {kind=sum axes=0 keep_dims=false} : f32[1, 2, 2]\n",
        "mixes the images of a batch")]
    [InlineData(
        "%2 = constant {type=f32 shape=32768x32768 fill=0} : f32[32768, 32768]\n",
        "line 4: 0 elements of constants and shapes and 1073741824 more; wanted at most 16777216")]
    [InlineData("%2 = broadcast %1 {shape=262144x1024x4} : f32[262144, 1024, 4]\n", "has 1073741824 elements; wanted at most 536870912")]
    public void Graph_that_is_no_inference_graph_of_images_is_refused(string lines, string message) =>
        Refused(message, graph: Right + lines + Out);

    [Fact]
    public void Small_graph_is_read() => Assert.Equal(2, Read([]).Graph.Nodes.Count);

    [Fact]
    public void Tensor_that_the_graph_does_not_read_is_refused() =>
        Refused("tensor 'extra': is no variable of the graph", tensors: ("extra", new HostTensor(TensorType.F32(1))));

    [Theory]
    [InlineData("""{"width":2147483647,"height":2147483647,"shorter_side":null,"interpolation":"bilinear","mean":[0.5],"std":[0.5]}""", "")]
    [InlineData(
        """{"width":2,"width":3,"height":2,"shorter_side":null,"interpolation":"bilinear","mean":[0.5],"std":[0.5]}""", "the preprocessing cannot be read")]
    [InlineData("""{"width":2,"height":2,"shorter_side":null,"interpolation":"bilinear","mean":[1e999],"std":[0.5]}""", "the preprocessing cannot be read")]
    [InlineData(
        """{"width":2,"height":2,"shorter_side":null,"crop_fraction":1,"interpolation":"bilinear","mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5]}""",
        "graph: takes f32[1, 1, 2, 2]")]
    [InlineData(
        """{"width":2,"height":2,"shorter_side":null,"interpolation":"bilinear","mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5]}""", "graph: takes f32[1, 1, 2, 2]")]
    [InlineData(
        """{"width":2,"height":2,"shorter_side":null,"interpolation":"bilinear","mean":[0.5,0.5],"std":[0.5,0.5]}""", "wanted one number, for grey, or three")]
    [InlineData("""[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]""", "the preprocessing cannot be read")]
    public void Preprocessing_out_of_range_is_refused(string json, string message) => Refused(message, preprocessing: json);

    [Theory]
    [InlineData(
        """{"backend":"x","images":-1,"tolerance":1,"passed":true,"logits":{"largest_difference":0,"relative_error":0},"changed_top1":0,"blocks":[]}""",
        "0 of -1 images changed their class")]
    [InlineData(
        """{"backend":"x","images":1,"tolerance":1,"passed":true,"logits":{"largest_difference":0,"relative_error":0},"changed_top1":2,"blocks":[]}""",
        "2 of 1 images changed their class")]
    [InlineData(
        """{"backend":"x","images":1,"tolerance":1,"passed":true,"logits":{"largest_difference":-1,"relative_error":0},"changed_top1":0,"blocks":[]}""",
        "a difference or the tolerance is negative")]
    [InlineData(
        """{"backend":"x","images":1,"tolerance":1,"passed":true,"logits":{"largest_difference":0,"relative_error":0},"changed_top1":0,"blocks":[{"path":"a"}]}""",
        "the proof cannot be read")]
    [InlineData(
        """{"backend":"x","images":1,"tolerance":1,"passed":true,"logits":{"largest_difference":0,"relative_error":0},"changed_top1":0,"blocks":[null]}""",
        "the proof cannot be read: $.blocks[0] at '…")]
    public void Proof_that_proves_nothing_is_refused(string json, string message) => Refused(message, proof: json);

    [Theory]
    [InlineData("""{"fraction":1.5,"seed":0}""", "the validation split has the fraction 1.5; wanted 0 to 1")]
    [InlineData("""{"fraction":0.1,"seed":-1}""", "the validation split cannot be read: $.seed at ")]
    [InlineData("""{"fraction":0.1}""", "the validation split cannot be read: ")]
    [InlineData("""{"fraction":0.1,"seed":0,"held_back":null}""", "the validation split cannot be read: ")]
    public void Validation_split_out_of_range_is_refused(string json, string message) => Refused(message, split: json);

    [Fact]
    public void Validation_split_of_a_version_that_kept_no_digest_is_read()
    {
        Assert.Equal(new(0.25, 3, ""), Read([], split: """{"fraction":0.25,"seed":3}""").Card.Split);
        Assert.Equal(new(0.25, 3, "ab"), Read([], split: """{"fraction":0.25,"seed":3,"held_back":"ab"}""").Card.Split);
    }

    [Fact]
    public void File_without_a_validation_split_says_nothing_of_it() => Assert.Null(Read([]).Card.Split);

    [Fact]
    public void Limits_are_those_that_the_caller_sets()
    {
        var failure = Assert.Throws<ModelFormatException>(() => FoveaFile.Read(File(), "m.fovea", new GraphLimits { Nodes = 1 }));
        Assert.Equal("m.fovea: graph: line 3: the graph has more than 1 nodes", failure.Message);
    }

    private static void Refused(
        string message, string graph = Right + Out, string? preprocessing = null, string? proof = null, string? split = null,
        params (string, HostTensor)[] tensors) =>
        Assert.Contains(
            message, Assert.Throws<ModelFormatException>(() => Read(tensors, graph, preprocessing, proof, split)).Message, StringComparison.Ordinal);

    private static FoveaModel Read(
        (string, HostTensor)[] tensors, string graph = Right + Out, string? preprocessing = null, string? proof = null, string? split = null) =>
        FoveaFile.Read(File(tensors, graph, preprocessing, proof, split), "m.fovea");

    private static MemoryStream File(
        (string, HostTensor)[]? tensors = null, string graph = Right + Out, string? preprocessing = null, string? proof = null, string? split = null)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["fovea.kind"] = "model 1",
            ["fovea.graph"] = graph,
            ["fovea.model"] = "m",
            ["fovea.classes"] = """["a","b","c","d"]""",
            ["fovea.preprocessing"] =
                preprocessing ?? """{"width":2,"height":2,"shorter_side":null,"crop_fraction":1,"interpolation":"bilinear","mean":[0.5],"std":[0.5]}""",
        };
        if (proof is not null) metadata["fovea.proof"] = proof;
        if (split is not null) metadata["fovea.validation_split"] = split;
        metadata["fovea.sha256"] = ContentSum.Of(metadata, tensors ?? []);
        var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors ?? [], metadata);
        stream.Position = 0;
        return stream;
    }
}
