using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Vitrine.Core;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Jobs;
using Vitrine.Server.Security;

namespace Vitrine.Server.Hosting;

/// <summary>The description of the API, made from the code: <c>/api/v1/openapi.json</c>, and a page to read it.</summary>
internal static class OpenApi
{
    public const string DocumentName = "v1";
    private const string ReferencePath = "/api/reference";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(DocumentName, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type)?.Replace("Shape", "", StringComparison.Ordinal);
            options.AddSchemaTransformer(DescribeIds);
            options.AddOperationTransformer(DescribeOperation);
            options.AddDocumentTransformer(DescribeDocument);
        });

    public static void MapApiDescription(this WebApplication app)
    {
        app.MapOpenApi("/api/{documentName}/openapi.json").RequireAuthorization(Policies.Viewer);
        app.MapScalarApiReference(ReferencePath, options => options.WithTitle("Vitrine: the API").WithOpenApiRoutePattern(Routes.OpenApi).DisableDefaultFonts())
            .RequireAuthorization(Policies.Viewer);
    }

    private static Task DescribeIds(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>))
            schema.Type = type == context.JsonTypeInfo.Type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        if (type == typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))
        {
            schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
            schema.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable: docs/api.md lists the codes." };
            schema.Required = new HashSet<string> { "code", "status", "title" };
        }
        return Task.CompletedTask;
    }

    private static Task DescribeOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IdempotencyKeyTaken>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyKey.Header,
                In = ParameterLocation.Header,
                Description = IdempotencyKey.Rule,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyKey.MaxLength },
            });
        }
        if (metadata.OfType<BytesAnswer>().FirstOrDefault() is { } bytes)
        {
            operation.Responses ??= [];
            operation.Responses["200"] = new OpenApiResponse
            {
                Description = "The bytes.",
                Content = bytes.ContentTypes.ToDictionary(
                    type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
            };
        }
        return Task.CompletedTask;
    }

    private static Task DescribeDocument(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new() { Title = "Vitrine", Version = DocumentName, Description = "Conventions: docs/api.md." };
        document.Servers = [];
        return Task.CompletedTask;
    }
}
